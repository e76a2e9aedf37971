import { expect, it } from 'vitest';
import { readXml } from './xml.js';

const leaf = (name: string, text = '', attributes = {}) => ({ name, attributes, children: [], text });

it('reads elements, attributes and text', () => {
  expect(readXml(`\ufeff<?xml version="1.0"?>\n<!-- <No/> --><!DOCTYPE Project>\r\n<Project A = "1 &lt; 2" b='"&apos;"'>\r\n  <P> x;\r\n y </P>\n<Q/>\t<R >&#65;&#x42;&amp;&unknown;</R></Project>`)).toEqual([
    { name: 'Project', attributes: { A: '1 < 2', b: `"'"` }, children: [leaf('P', 'x;\n y'), leaf('Q'), leaf('R', 'AB&&unknown;')], text: '' },
  ]);
});

it('keeps pieces of text around elements, comments and CDATA', () => {
  expect(readXml('<a> 1 <b/> 2<!-- 3 -->4 <![CDATA[ <5> ]]></a>')).toEqual([{ name: 'a', attributes: {}, children: [leaf('b')], text: '124 <5> ' }]);
});

it('takes a > in an attribute for what it is', () => {
  expect(readXml(`<a Condition="'$(V)' > '1'"/>`)).toEqual([leaf('a', '', { Condition: `'$(V)' > '1'` })]);
});

it('finds nothing in a text without elements', () => {
  expect(readXml('not xml')).toEqual([]);
  expect(readXml('')).toEqual([]);
});

it.each([
  ['<a>\n<b>', 2, '<b> is not closed'],
  ['<a>\r\n\r\n</b>', 3, '</b> does not close <a>'],
  ['</a>', 1, '</a> closes nothing'],
  ['<a b="1" b="2"/>', 1, '<a> has b twice'],
  ['<a b=1/>', 1, '<a> cannot be read'],
  ['<a\n b="<"/>', 1, '<a> cannot be read'],
  ['<a>\n< /a>', 2, 'the name of an element is missing'],
  ['<a>\n<!-- </a>', 2, 'what begins here ends nowhere with -->'],
])('says what is wrong with %j', (text, line, reason) => {
  expect(readXml(text)).toEqual({ line, reason });
});

it('reads a long text of open brackets, blanks and entities in no time', () => {
  expect(readXml(`<a ${' '.repeat(100_000)}`)).toEqual({ line: 1, reason: '<a> cannot be read' });
  expect(readXml('<a>'.repeat(50_000))).toEqual({ line: 1, reason: 'elements are nested too deeply' });
  expect(readXml('<a/>'.repeat(50_000))).toHaveLength(50_000);
  expect(readXml(`<a>${'&'.repeat(100_000)}</a>`)).toEqual([leaf('a', '&'.repeat(100_000))]);
});
