/** Scale of interrupt levels a project is analysed with. */
export type Arch = 'amd64' | 'arm64' | 'x86';
