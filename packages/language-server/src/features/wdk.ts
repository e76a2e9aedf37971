// The knowledge the editor shows, and the level scale it is written on.

export { ddi, irqlEffect, role, type Arch, type ArgTest, type Ddi, type DdiCondition, type IrqlEffect, type Role, type Target } from '@drvlint/wdk';
export { describeMask, scaleOf, shortMask } from '@drvlint/core';
