// Macros of COM and of the SDK that stand for a known piece of a declaration. Source: objbase.h, combaseapi.h, wrl.

import { idOfName } from '../lex/names.js';
import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';


const id = (name: string): number => idOfName(name);

/** `STDMETHOD(name)(args)`: returns HRESULT. */
const METHOD = new Set(['STDMETHOD', 'IFACEMETHOD', 'STDMETHODV', 'IFACEMETHODV', 'COM_DECLSPEC_NOTHROW_METHOD'].map(id));
/** `STDMETHOD_(type, name)(args)`. */
const METHOD_WITH_TYPE = new Set(['STDMETHOD_', 'IFACEMETHOD_', 'STDMETHODV_', 'IFACEMETHODV_'].map(id));
/** `STDMETHODIMP_(type) name(args)`. */
const TYPED = new Set(['STDMETHODIMP_', 'IFACEMETHODIMP_', 'STDAPI_', 'STDMETHODIMPV_', 'IFACEMETHODIMPV_', 'STDAPIV_', 'SHSTDAPI_', 'WINOLEAPI_', 'WINOLEAUTAPI_'].map(id));
/** `STDMETHODIMP name(args)`: HRESULT. */
const RESULT = new Set(['STDMETHODIMP', 'IFACEMETHODIMP', 'STDMETHODIMPV', 'IFACEMETHODIMPV', 'WINOLEAPI', 'SHSTDAPI'].map(id));
const DECLARE_INTERFACE = id('DECLARE_INTERFACE');
const DECLARE_INTERFACE_BASE = id('DECLARE_INTERFACE_');
const DECLARE_INTERFACE_IID = new Set(['DECLARE_INTERFACE_IID', 'DECLARE_INTERFACE_IID_'].map(id));
const MIDL_INTERFACE = id('MIDL_INTERFACE');

/** Rewrites such a macro where a declaration begins (or goes on); gives the place to read on, or `i` when it is none. */
export function comMacro(code: Code, i: number, to: number): number {
  const name = code.ids[i];
  if (RESULT.has(name)) {
    if (code.isName(i + 1)) code.rename(i, 'HRESULT');
    return i;
  }
  const open = i + 1;
  if (!code.isPunct(open, Punct.LParen) || code.partner[open] < 0 || code.partner[open] >= to) return i;
  const close = code.partner[open];
  if (TYPED.has(name)) {
    code.drop(i, open);
    code.drop(close);
    return open + 1;
  }
  if (METHOD.has(name) && code.isName(open + 1)) {
    code.rename(i, 'HRESULT');
    code.drop(open);
    code.drop(close);
    return i;
  }
  if (METHOD_WITH_TYPE.has(name)) return methodWithType(code, i, open, close);
  return interfaceMacro(code, i, open, close);
}

function methodWithType(code: Code, i: number, open: number, close: number): number {
  code.drop(i, open);
  for (let n = open + 1; n < close; n++) if (code.isPunct(n, Punct.Comma)) code.drop(n);
  code.drop(close);
  return open + 1;
}

function interfaceMacro(code: Code, i: number, open: number, close: number): number {
  const name = code.ids[i];
  if (name === DECLARE_INTERFACE || name === DECLARE_INTERFACE_BASE || DECLARE_INTERFACE_IID.has(name)) {
    code.rename(i, 'struct');
    code.drop(open);
    code.drop(close);
    let commas = name === DECLARE_INTERFACE ? 1 : 0;
    for (let n = open + 1; n < close; n++) {
      if (code.isString(n)) code.drop(n);
      else if (code.isPunct(n, Punct.Comma)) {
        if (commas++ === 0 && !code.isString(n + 1)) code.setPunct(n, Punct.Colon);
        else code.drop(n);
      }
    }
    return i;
  }
  if (name === MIDL_INTERFACE) {
    code.rename(i, 'struct');
    code.drop(open, close);
  }
  return i;
}

/** `interface IFoo {`, `interface IFoo : IUnknown {`, `interface IFoo *p` are structs. */
export function interfaceWord(code: Code, i: number): void {
  if (!code.isPlainName(i + 1)) return;
  const after = code.next(i + 2);
  if (code.isPlainName(after) || [Punct.LBrace, Punct.Colon, Punct.Semi, Punct.Star].some((punct) => code.isPunct(after, punct))) code.rename(i, 'struct');
}
