// Parameters that take enumerators of certain enumerations only: DDI parameters of an enumeration type (KPROCESSOR_MODE stands for MODE),
// and parameters of project functions annotated `_Strict_type_match_` or `__drv_strictType(T/enum _T, mode)`. Integers are not compared.

import { ddi, enumOfConstant, enumOfParameterType } from '@drvlint/wdk';
import { paramSalOf } from '../../model/annotations-of.js';
import type { CallExpr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';

export interface StrictParameter {
  callee: string;
  parameter?: string;
  /** Names, tag and typedef, of every enumeration whose enumerators may be given; the first one for messages. */
  names: string[];
}

/** Names of the enumeration an enumerator belongs to, typedef first; undefined for a name that is none. */
export function enumerationOf(project: Project, enumerator: string, file: FileFacts): string[] | undefined {
  const own = project.enumOf(enumerator, file)?.decl;
  const names = own ? [own.typedefName, own.name] : [enumOfConstant(enumerator)?.typedef, enumOfConstant(enumerator)?.tag];
  const known = names.filter((n): n is string => n !== undefined && n !== '');
  return known.length > 0 ? known : undefined;
}

/** What parameter `i` of a call takes; undefined where it is not strict or not known. */
export function strictParameter(project: Project, call: CallExpr, i: number, inside: Func): StrictParameter | undefined {
  const callee = project.calleeOf(call, inside);
  if (callee) return annotated(project, callee, i);
  const file = inside.def?.file ?? inside.decls[0]!.file;
  const name = project.calleeName(call, file);
  if (name === undefined || project.macro(name, file, call.start)) return undefined;
  const row = ddi(name);
  const param = row?.paramsKnown ? row.params[i] : undefined;
  const type = param?.type === undefined ? undefined : enumOfParameterType(param.type);
  return type && param ? { callee: name, parameter: param.name, names: [type.typedef, type.tag] } : undefined;
}

function annotated(project: Project, callee: Func, i: number): StrictParameter | undefined {
  const sal = paramSalOf(project, callee, i).find((s) => s.kind === 'strict-type');
  const param = callee.params[i];
  if (!sal || !param) return undefined;
  const listed = sal.args.length === 2 ? sal.args[0]!.text.split('/').map((t) => t.replace(/\benum\b/, '').trim()).filter((t) => t !== '' && !t.startsWith('__drv_')) : [];
  const names = listed.length > 0 ? listed : [param.type.base.replace(/^enum /, '')];
  return { callee: callee.qualified, parameter: param.name, names: names.flatMap((n) => [n, ...synonyms(n)]) };
}

function synonyms(name: string): string[] {
  const type = enumOfParameterType(name);
  return type ? [type.typedef, type.tag] : [];
}
