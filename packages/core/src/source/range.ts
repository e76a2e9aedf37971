/** Half-open range of UTF-16 offsets in one file's text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
