// tree-sitter with the C and C++ grammars as one WebAssembly module that parses a text and answers with the flat tree of
// FlatTree (packages/core/src/syntax/tree.ts) in plain arrays. Every parse starts from an empty heap: nothing is freed one by one,
// nothing leaks, and no parse can influence another one. Built by build.mjs beside this file.

#include "memory.h"

// WebAssembly is little-endian.
#define PORTABLE_ENDIAN_H__
#define le16toh(x) (x)
#define be16toh(x) __builtin_bswap16(x)

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "node.c"
#include "parser.c"
#include "stack.c"
#include "subtree.c"
#include "tree_cursor.c"
#include "tree.c"
#include "wasm_store.c"

const TSLanguage *tree_sitter_c(void);
const TSLanguage *tree_sitter_cpp(void);

#define EXPORT(name) __attribute__((export_name(#name)))

// --- memory ----------------------------------------------------------------------------------------------------------

extern unsigned char __heap_base;

#define PAGE 65536
#define CLASSES 32
/** Blocks of up to 512 bytes: classes of 16 bytes; larger ones: powers of two. */
#define SMALL 512

typedef struct Block { struct Block *next; } Block;
typedef struct { uint32_t capacity; uint32_t class; } Header;

static uintptr_t heap_start, heap_top, heap_end;
static Block *small_free[SMALL / 16 + 1];
static Block *large_free[CLASSES];

static void heap_reset(uintptr_t start) {
  heap_top = (start + 15) & ~(uintptr_t)15;
  memset(small_free, 0, sizeof small_free);
  memset(large_free, 0, sizeof large_free);
}

static uintptr_t heap_take(size_t bytes) {
  uintptr_t at = heap_top;
  if (at + bytes > heap_end) {
    size_t pages = (at + bytes - heap_end + PAGE - 1) / PAGE;
    // By an eighth of what there is, so that growing stays rare.
    size_t more = __builtin_wasm_memory_size(0) / 8;
    if (pages < more && __builtin_wasm_memory_grow(0, more) != (size_t)-1) pages = more;
    else if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) __builtin_trap();
    heap_end += pages * PAGE;
  }
  heap_top = at + bytes;
  return at;
}

static inline uint32_t large_class(size_t size) { return 32 - (uint32_t)__builtin_clz((uint32_t)size - 1); }

void *kernel_malloc(size_t size) {
  uint32_t class, capacity;
  Block **list;
  if (size <= SMALL) {
    class = (uint32_t)(size + 15) / 16;
    capacity = class * 16;
    list = &small_free[class];
  } else {
    class = large_class(size);
    capacity = (uint32_t)1 << class;
    list = &large_free[class];
  }
  Block *block = *list;
  if (block) {
    *list = block->next;
    return block;
  }
  Header *header = (Header *)(heap_take(sizeof(Header) + (capacity ? capacity : 16)));
  header->capacity = capacity;
  header->class = class;
  return header + 1;
}

void *kernel_calloc(size_t count, size_t size) {
  void *block = kernel_malloc(count * size);
  memset(block, 0, count * size);
  return block;
}

void kernel_free(void *old) {
  if (!old) return;
  Header *header = (Header *)old - 1;
  Block **list = header->capacity <= SMALL ? &small_free[header->class] : &large_free[header->class];
  ((Block *)old)->next = *list;
  *list = old;
}

void *kernel_realloc(void *old, size_t size) {
  if (!old) return kernel_malloc(size);
  uint32_t capacity = ((Header *)old - 1)->capacity;
  if (size <= capacity) return old;
  void *block = kernel_malloc(size);
  memcpy(block, old, capacity);
  kernel_free(old);
  return block;
}

// The C++ scanner and what little of libc is left use these names.
void *malloc(size_t size) { return kernel_malloc(size); }
void *calloc(size_t count, size_t size) { return kernel_calloc(count, size); }
void *realloc(void *old, size_t size) { return kernel_realloc(old, size); }
void free(void *old) { kernel_free(old); }

// --- tables ----------------------------------------------------------------------------------------------------------

#define HAS_ERROR 1
#define IS_ERROR 2
#define MAX_DEPTH 1000
#define DESCEND (1 << 14)
#define NAMED (1 << 15)
#define TYPE 0x3fff

/** What a symbol means, see SymbolTable in flatten.ts; filled by the host. Index 0xffff is the ERROR symbol. */
static uint16_t symbol_tables[2][65536];
static uint8_t field_tables[2][256];

static const TSLanguage *language(uint32_t which) { return which ? tree_sitter_cpp() : tree_sitter_c(); }

EXPORT(symbol_table) uint16_t *kernel_symbol_table(uint32_t which) { return symbol_tables[which]; }
EXPORT(field_table) uint8_t *kernel_field_table(uint32_t which) { return field_tables[which]; }
EXPORT(symbol_count) uint32_t kernel_symbol_count(uint32_t which) { return ts_language_symbol_count(language(which)); }
EXPORT(symbol_name) const char *kernel_symbol_name(uint32_t which, uint32_t symbol) { return ts_language_symbol_name(language(which), (TSSymbol)symbol); }
/** 1 for a named symbol. */
EXPORT(symbol_named) uint32_t kernel_symbol_named(uint32_t which, uint32_t symbol) { return ts_language_symbol_metadata(language(which), (TSSymbol)symbol).named; }
EXPORT(field_count) uint32_t kernel_field_count(uint32_t which) { return ts_language_field_count(language(which)); }
EXPORT(field_name) const char *kernel_field_name(uint32_t which, uint32_t field) { return ts_language_field_name_for_id(language(which), (TSFieldId)field); }

// --- parsing ---------------------------------------------------------------------------------------------------------

/** The answer: addresses of arrays of `count` entries. */
static struct {
  uint32_t count;
  uint16_t *type;
  int32_t *start, *end, *parent, *next;
  uint8_t *field, *flags;
} result;

EXPORT(result) void *kernel_result(void) { return &result; }

/** Empties the heap and gives room for a text of so many UTF-16 units. */
EXPORT(text) void *kernel_text(uint32_t units) {
  if (!heap_start) {
    heap_start = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
    heap_end = __builtin_wasm_memory_size(0) * PAGE;
  }
  heap_reset(heap_start);
  return (void *)heap_take(((size_t)units * 2 + 31) & ~(size_t)15);
}

static void grow(uint32_t *capacity) {
  uint32_t more = *capacity * 2;
  result.type = kernel_realloc(result.type, more * sizeof *result.type);
  result.start = kernel_realloc(result.start, more * sizeof *result.start);
  result.end = kernel_realloc(result.end, more * sizeof *result.end);
  result.parent = kernel_realloc(result.parent, more * sizeof *result.parent);
  result.next = kernel_realloc(result.next, more * sizeof *result.next);
  result.field = kernel_realloc(result.field, more * sizeof *result.field);
  result.flags = kernel_realloc(result.flags, more * sizeof *result.flags);
  *capacity = more;
}

static void mark_upwards(int32_t node) {
  for (int32_t n = node; n >= 0; n = result.parent[n]) {
    if (n != node && result.flags[n] & HAS_ERROR) return;
    result.flags[n] |= HAS_ERROR;
  }
}

/** The named nodes in preorder; the same walk as flatten() in flatten.ts. */
static void flatten(const TSTree *tree, uint32_t which, uint32_t units) {
  const uint16_t *symbols = symbol_tables[which];
  const uint8_t *fields = field_tables[which];
  static int32_t open[MAX_DEPTH];
  uint32_t depth = 0, count = 0, capacity = units / 8 + 64;
  int32_t parent = -1;
  memset(&result, 0, sizeof result);
  grow(&capacity);
  TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
  for (;;) {
    TSNode at = ts_tree_cursor_current_node(&cursor);
    uint16_t entry = symbols[ts_node_symbol(at)];
    int32_t node = -1;
    uint8_t flags = (entry & TYPE) == 1 || ts_node_is_missing(at) ? HAS_ERROR | IS_ERROR : 0;
    if (entry & NAMED || flags) {
      if (count == capacity) grow(&capacity);
      node = (int32_t)count++;
      result.type[node] = entry & NAMED ? entry & TYPE : 1;
      result.start[node] = (int32_t)(ts_node_start_byte(at) / 2);
      result.end[node] = (int32_t)(ts_node_end_byte(at) / 2);
      result.parent[node] = parent;
      result.field[node] = fields[(uint8_t)ts_tree_cursor_current_field_id(&cursor)];
      result.flags[node] = flags;
    }
    if (flags) mark_upwards(node);
    if (entry & DESCEND && ts_tree_cursor_goto_first_child(&cursor)) {
      if (depth < MAX_DEPTH) {
        open[depth++] = node;
        parent = node;
        continue;
      }
      mark_upwards(node);
      ts_tree_cursor_goto_parent(&cursor);
    }
    if (node >= 0) result.next[node] = (int32_t)count;
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (depth == 0) {
        result.count = count;
        return;
      }
      ts_tree_cursor_goto_parent(&cursor);
      int32_t closed = open[--depth];
      result.next[closed] = (int32_t)count;
      parent = result.parent[closed];
    }
  }
}

/**
 * Parses the text that lies where text() said. Answers with 1 and a tree in `result`, 0 when the time was up, 2 when only parsing
 * was asked for.
 */
EXPORT(parse) uint32_t kernel_parse(uint32_t which, void *text, uint32_t units, uint32_t budget_ms, uint32_t only_parse) {
  TSParser *parser = ts_parser_new();
  ts_parser_set_language(parser, language(which));
  ts_parser_set_timeout_micros(parser, (uint64_t)budget_ms * 1000);
  TSTree *tree = ts_parser_parse_string_encoding(parser, NULL, text, units * 2, TSInputEncodingUTF16LE);
  if (!tree) return 0;
  if (only_parse) return 2;
  flatten(tree, which, units);
  return 1;
}
