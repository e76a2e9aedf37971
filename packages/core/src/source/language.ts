/** The grammar a file is read with. */
export type Language = 'c' | 'cpp';
