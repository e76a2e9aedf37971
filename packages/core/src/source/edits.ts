// Places and changes in files as every layer from the analyses upwards speaks of them. Ranges are half-open UTF-16 offsets.

/** Replace [start, end) of a file by `text`. */
export interface Edit { file: string; start: number; end: number; text: string }
export interface Fix { title: string; edits: Edit[] }
export interface Related { file: string; start: number; end: number; message: string }
/** A step of a flow, first cause first. `irql` is the level set after the step as text (`PASSIVE..DISPATCH`). */
export interface FlowStep { file: string; start: number; end: number; message: string; irql?: string }
