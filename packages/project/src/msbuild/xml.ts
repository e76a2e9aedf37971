// The elements of a project file: names, attributes, text. As much of XML as MSBuild's files use: comments and processing instructions are
// left out, document types are not read.

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** The outermost elements of a text, or what is wrong with it. */
export function readXml(written: string): Element[] | { line: number; reason: string } {
  const text = written.replaceAll('\r\n', '\n');
  try {
    return new XmlReader(text).elements();
  } catch (e) {
    if (!(e instanceof Malformed)) throw e;
    return { line: text.slice(0, e.at).split('\n').length, reason: e.message };
  }
}

class Malformed extends Error {
  constructor(readonly at: number, message: string) {
    super(message);
  }
}

/** Elements within one another: nobody writes more, and who reads them goes down into each. */
const MAX_DEPTH = 200;

const startTag = /<([^\s<>/="'!?]+)/y;
const attribute = /\s+([^\s<>/="']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
const endTag = /<\/([^\s<>]+)\s*>/y;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

class XmlReader {
  readonly #text: string;
  #at = 0;
  readonly #open: Element[] = [{ name: '', attributes: {}, children: [], text: '' }];

  constructor(text: string) {
    this.#text = text;
  }

  elements(): Element[] {
    const text = this.#text;
    while (this.#at < text.length) {
      const next = text.indexOf('<', this.#at);
      const end = next < 0 ? text.length : next;
      if (end > this.#at) this.#inner.text += plain(text.slice(this.#at, end)).trim();
      this.#at = end;
      if (next >= 0) this.#markup();
    }
    const [outside, ...unclosed] = this.#open;
    if (unclosed.length > 0) throw new Malformed(text.length, `<${unclosed[unclosed.length - 1].name}> is not closed`);
    return outside.children;
  }

  get #inner(): Element {
    return this.#open[this.#open.length - 1];
  }

  #markup(): void {
    const text = this.#text;
    if (text.startsWith('</', this.#at)) this.#close();
    else if (text.startsWith('<!--', this.#at)) this.#skip('-->');
    else if (text.startsWith('<![CDATA[', this.#at)) {
      const from = this.#at + 9;
      this.#skip(']]>');
      this.#inner.text += text.slice(from, this.#at - 3);
    } else if (text.startsWith('<?', this.#at)) this.#skip('?>');
    else if (text.startsWith('<!', this.#at)) this.#skip('>');
    else this.#element();
  }

  #skip(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new Malformed(this.#at, `what begins here ends nowhere with ${end}`);
    this.#at = found + end.length;
  }

  #element(): void {
    const start = this.#match(startTag);
    if (!start) throw new Malformed(this.#at, 'the name of an element is missing');
    const element: Element = { name: start[1], attributes: {}, children: [], text: '' };
    for (let found = this.#match(attribute); found; found = this.#match(attribute)) {
      if (Object.hasOwn(element.attributes, found[1])) throw new Malformed(this.#at, `<${element.name}> has ${found[1]} twice`);
      element.attributes[found[1]] = plain(found[2] ?? found[3]).trim();
    }
    const end = this.#match(tagEnd);
    if (!end) throw new Malformed(this.#at, `<${element.name}> cannot be read`);
    if (this.#open.length > MAX_DEPTH) throw new Malformed(this.#at, 'elements are nested too deeply');
    this.#inner.children.push(element);
    if (end[1] === '') this.#open.push(element);
  }

  #close(): void {
    const end = this.#match(endTag);
    const { name } = this.#inner;
    if (this.#open.length === 1 || end?.[1] !== name) throw new Malformed(this.#at, `</${end?.[1] ?? ''}> ${name === '' ? 'closes nothing' : `does not close <${name}>`}`);
    this.#open.pop();
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
}

/** Text with its entities replaced; an unknown one stays as it is written. */
function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (written, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(entities, name) ? entities[name] : written;
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : written;
  });
}
