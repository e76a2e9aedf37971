// What both grammars leave no choice about, as tables over node types: fields by position, tokens that open and close a node,
// tokens that cannot stand in it. Source: grammar.js of tree-sitter-c 0.23.6 and tree-sitter-cpp 0.23.4.

import { Punct } from '../lex/tokens.js';
import { FieldName, NodeType } from './node-types.js';

const N = NodeType;
const F = FieldName;

/** Fields of a node's children by position; as many children as entries. */
export const FIXED: (readonly number[] | undefined)[] = [];
FIXED[N.binary_expression] = [F.left, F.operator, F.right];
FIXED[N.assignment_expression] = [F.left, F.operator, F.right];
FIXED[N.field_expression] = [F.argument, F.operator, F.field];
FIXED[N.pointer_expression] = [F.operator, F.argument];
FIXED[N.unary_expression] = [F.operator, F.argument];
FIXED[N.call_expression] = [F.function, F.arguments];
FIXED[N.cast_expression] = [F.none, F.type, F.none, F.value];
FIXED[N.comma_expression] = [F.left, F.none, F.right];

/** Of these, the child that is one anonymous operator. */
export const OPERATOR_AT = new Int8Array(256).fill(-1);
for (const type of [N.binary_expression, N.assignment_expression, N.field_expression]) OPERATOR_AT[type] = 1;
for (const type of [N.pointer_expression, N.unary_expression]) OPERATOR_AT[type] = 0;

/** Nodes whose children never have a field. */
export const NO_FIELDS = new Uint8Array(256);
for (const type of [
  N.translation_unit, N.compound_statement, N.argument_list, N.parameter_list, N.expression_statement, N.initializer_list, N.parenthesized_expression, N.declaration_list, N.field_declaration_list,
  N.enumerator_list, N.return_statement,
]) NO_FIELDS[type] = 1;

const PARENTHESES = [N.argument_list, N.parameter_list, N.parenthesized_expression];
const BRACES = [N.compound_statement, N.initializer_list, N.declaration_list, N.field_declaration_list, N.enumerator_list];

/** The punctuator that ends a node for certain. */
export const CLOSER = new Uint16Array(256);
for (const type of PARENTHESES) CLOSER[type] = Punct.RParen;
for (const type of BRACES) CLOSER[type] = Punct.RBrace;
for (const type of [N.expression_statement, N.declaration, N.return_statement, N.field_declaration, N.type_definition, N.goto_statement]) CLOSER[type] = Punct.Semi;
for (const type of [N.array_declarator, N.abstract_array_declarator, N.subscript_argument_list]) CLOSER[type] = Punct.RBracket;

/** The anonymous token a node begins with for certain: a punctuator, or (ANY) whatever name stands there. */
export const OPENER = new Uint16Array(256);
export const ANY = 0xffff;
for (const type of PARENTHESES) OPENER[type] = Punct.LParen;
for (const type of BRACES) OPENER[type] = Punct.LBrace;
for (const type of [
  N.if_statement, N.while_statement, N.for_statement, N.do_statement, N.switch_statement, N.case_statement, N.return_statement, N.goto_statement, N.else_clause, N.sizeof_expression,
  N.seh_try_statement, N.seh_except_clause, N.seh_finally_clause, N.try_statement, N.catch_clause,
]) OPENER[type] = ANY;

/** Nodes whose children are expressions, from this child index on; 0 for all others. */
export const OPERANDS_FROM = new Uint8Array(256);
for (const type of [N.argument_list, N.parenthesized_expression, N.initializer_list, N.return_statement, N.pointer_expression, N.unary_expression, N.subscript_argument_list]) OPERANDS_FROM[type] = 1;
for (const type of [N.binary_expression, N.assignment_expression]) OPERANDS_FROM[type] = 2;
OPERANDS_FROM[N.cast_expression] = 3;

/** Of those, the ones with one child only: `(a, b)` holds a comma expression. */
export const SINGLE_OPERAND = new Uint8Array(256);
for (const type of [N.parenthesized_expression, N.return_statement]) SINGLE_OPERAND[type] = 1;

/** Nodes that hold neither `,` nor `;` nor a closing bracket themselves: one of them ends them. */
export const ENDS_AT_SEPARATOR = new Uint8Array(256);
for (const type of [
  N.pointer_declarator, N.function_declarator, N.abstract_pointer_declarator, N.abstract_function_declarator, N.abstract_reference_declarator, N.reference_declarator, N.type_descriptor,
  N.parameter_declaration, N.optional_parameter_declaration, N.init_declarator, N.conditional_expression, N.update_expression, N.initializer_pair, N.enumerator, N.bitfield_clause, N.struct_specifier,
  N.union_specifier, N.enum_specifier, N.class_specifier, N.concatenated_string, N.qualified_identifier, N.template_type, N.template_function, N.field_designator, N.sized_type_specifier,
]) ENDS_AT_SEPARATOR[type] = 1;

/** Nodes that end with the child that is their body. */
export const ENDS_WITH_BODY = new Uint8Array(256);
for (const type of [
  N.function_definition, N.while_statement, N.for_statement, N.for_range_loop, N.switch_statement, N.seh_except_clause, N.seh_finally_clause, N.linkage_specification, N.namespace_definition, N.catch_clause,
]) ENDS_WITH_BODY[type] = 1;

/** What may stand in place of a function's body. */
export const ENDS_FUNCTION = new Uint8Array(256);
for (const type of [N.default_method_clause, N.delete_method_clause, N.pure_virtual_clause, N.try_statement]) ENDS_FUNCTION[type] = 1;

/** Anonymous children of nodes that are not entered. */
export const HIDDEN = new Uint8Array(256);
for (const type of [
  N.null, N.type_qualifier, N.storage_class_specifier, N.access_specifier, N.virtual_specifier, N.lambda_default_capture, N.ref_qualifier, N.gnu_asm_qualifier, N.ms_call_modifier, N.variadic_parameter,
]) HIDDEN[type] = 1;
for (const type of [N.break_statement, N.continue_statement, N.seh_leave_statement]) HIDDEN[type] = 2;
