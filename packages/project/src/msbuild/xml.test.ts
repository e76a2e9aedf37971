import { expect, it } from 'vitest';
import { readXml } from './xml.js';

const leaf = (name: string, text = '', attributes = {}) => ({ name, attributes, children: [], text });

it('reads elements, attributes and text', () => {
  expect(readXml(`\ufeff<?xml version="1.0"?>\n<!-- <No/> --><!DOCTYPE Project>\r\n<Project A = "1 &lt; 2" b='"&apos;"'>\r\n  <P> x;\r\n y </P>\n<Q/>\t<R >&#65;&#x42;&amp;&unknown;</R></Project>`)).toEqual(
    { name: 'Project', attributes: { A: '1 < 2', b: `"'"` }, children: [leaf('P', 'x;\n y'), leaf('Q'), leaf('R', 'AB&&unknown;')], text: '' },
  );
});

it('takes a > in an attribute for what it is', () => {
  expect(readXml(`<a Condition="'$(V)' > '1'"/>`)).toEqual(leaf('a', '', { Condition: `'$(V)' > '1'` }));
});

it.each([
  ['<a>\n<b>', 2, /end tag/],
  ['<a>\r\n\r\n</b>', 3, /end tag/],
  ['<a b="1" b="2"/>', 1, /Duplicate attribute/],
  ['<a>\n<!-- </a>', 2, /comment/],
  ['not xml', 1, /root element/i],
  ['', 1, /root element/i],
])('says what is wrong with %j', (text, line, reason) => {
  expect(readXml(text)).toEqual({ line, reason: expect.stringMatching(reason) });
});

it('reads long and deep texts', () => {
  expect(readXml(`<a>${'<a>'.repeat(100_000)}`)).toMatchObject({ reason: expect.any(String) });
  expect(readXml(`<a>${'<a/>'.repeat(50_000)}</a>`)).toMatchObject({ children: expect.objectContaining({ length: 50_000 }) });
  expect(readXml(`<a ${' '.repeat(100_000)}`)).toMatchObject({ line: 1 });
});
