// Memory of one parse: blocks by size class from a stack of pages that is thrown away as a whole when the tree has been read.
#ifndef KERNEL_MEMORY_H_
#define KERNEL_MEMORY_H_

#include <stddef.h>

void *kernel_malloc(size_t size);
void *kernel_calloc(size_t count, size_t size);
void *kernel_realloc(void *old, size_t size);
void kernel_free(void *block);

#define ts_malloc kernel_malloc
#define ts_calloc kernel_calloc
#define ts_realloc kernel_realloc
#define ts_free kernel_free

#endif
