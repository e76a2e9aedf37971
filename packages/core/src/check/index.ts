export { nearestWord, RuleNames } from './alias.js';
export { applyBaseline, createBaseline, parseBaseline, type Baseline, type BaselineEntry } from './baseline.js';
export { applyEdits, applyFixes, applyFixesToFiles, withLineEnds, type AppliedFixes, type TextEdit } from './edits.js';
export {
  atLeast, compareFindings, lowerLevel,
  type Finding, type FindingEdit, type FindingFix, type FlowPlace, type InternalProblem, type Place, type RelatedPlace, type Suppressed,
} from './finding.js';
export { hashText } from './hash.js';
export { movedFindings } from './moved-findings.js';
export { placeOf } from './place.js';
export { appliesTo, RuleRun, runRules, type CheckResult, type CheckSettings } from './run.js';
export { isInPreset, presets, selectRules, type ActiveRule, type ActiveRules, type RuleSetting, type Selection } from './selection.js';
export { unusedSuppressionId } from './unused.js';
