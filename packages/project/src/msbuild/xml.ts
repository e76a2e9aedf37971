// The elements of a project file: names, attributes, text. What else XML has is left out.

import { parseXml, XmlCdata, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  /** The pieces of text directly in it, each without the blanks around it. */
  text: string;
}

/** The outermost element of a text, or what is wrong with it and where (1-based). */
export function readXml(text: string): Element | { line: number; reason: string } {
  try {
    const { root } = parseXml(text, { ignoreUndefinedEntities: true });
    return root ? elementOf(root) : { line: 1, reason: 'has no element' };
  } catch (e) {
    // The message goes on with an excerpt.
    if (e instanceof XmlError) return { line: e.line, reason: e.message.split(' (line', 1)[0] };
    if (e instanceof RangeError) return { line: 1, reason: 'elements are nested too deeply' };
    throw e;
  }
}

function elementOf({ name, attributes, children }: XmlElement): Element {
  const element: Element = { name, attributes, children: [], text: '' };
  for (const child of children) {
    if (child instanceof XmlElement) element.children.push(elementOf(child));
    else if (child instanceof XmlText || child instanceof XmlCdata) element.text += child instanceof XmlCdata ? child.text : child.text.trim();
  }
  return element;
}
