// What the role rules share: registrations and places, declared roles, signatures, and the edits that declare a role.

export { callbacksOf, type Callbacks, type FilledPlace } from '../../model/registrations.js';
export { declaredRolesOf } from '../../model/roles.js';
export { className, functionClasses, roleOfFunctionType } from '../../model/role-types.js';
export { memberDeclarationEdit, roleDeclarationEdit, useDeclEdit, headStart } from './fixes.js';
export {
  compare, differences, differenceText, isHeadedByMacro, signatureOfFunc, signatureOfFunctionType, signatureOfRole, signatureOfType, signatureText,
  type Difference, type Signature, type SignatureOptions,
} from './signature.js';
export { asDefined, comesBefore, earlierDeclarations, hasNoOwnDeclaration, rolesBeforeDefinition, seesEverything } from './visible.js';
export { isDeclarableRole, isKitFunction, knownClass, sameRole } from './role-names.js';
export { pointerSources, type PointerSource } from './pointer-sources.js';
export { dispatchTypes, majorNumber } from './dispatch-types.js';
