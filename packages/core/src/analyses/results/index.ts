// Results of calls that are not looked at.

export { uncheckedResults, type LostCall, type ResultUse } from './must-check.js';
export { lostResults, type Loss, type LostResult } from './unread.js';
