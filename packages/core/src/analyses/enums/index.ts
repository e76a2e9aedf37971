// Enumerators given as arguments.

export { enumerationOf, strictParameter, type StrictParameter } from './strict.js';
