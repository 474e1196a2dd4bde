/*
 * Truncate versus DMA, as specs/truncate-dma.ts has it for design=wait-allocated files=2 blocks=3 users=3 and otherwise the
 * defaults. What other designs and knobs need is left out, and so is `want`: with one page for each get_user_pages() it is 1
 * exactly when a user is not idle. The property noUnexpectedFailure has nothing to look at: this design has no truncFail.
 *
 * Sets of blocks are bit masks. The invariants are an option, so they are looked at once for each distinct state.
 */
#define NONE 0
#define FREE 0

/* truncate */
#define IDLE 0
#define LOCKED 1
#define FREEING 2
#define WAITING 3

/* users: IDLE, and */
#define RECORD_LEASE 1
#define PIN_NEXT 2
#define BREAK_LAYOUTS 3
#define DMA 4

unsigned owner0 : 2
unsigned owner1 : 2
unsigned owner2 : 2
unsigned truncate1 : 2
unsigned truncate2 : 2

#define USER(u) \
  unsigned user##u : 3; \
  unsigned file##u : 2; \
  unsigned target##u : 2; \
  unsigned pages##u : 3; \
  unsigned stale##u : 3; \
  unsigned leased##u : 1;
USER(0)
USER(1)
USER(2)

#define BLOCKS(f) ((owner0 == f) | ((owner1 == f) << 1) | ((owner2 == f) << 2))
#define HAS_BLOCKS(f) (owner0 == f || owner1 == f || owner2 == f)
#define HAS_LEASE(u, f) (leased##u && file##u == f)
#define IS_LEASED(f) (HAS_LEASE(0, f) || HAS_LEASE(1, f) || HAS_LEASE(2, f))
#define IS_PINNING(u) (user##u != IDLE)

#define IS_LOCKED(f) (truncate##f == LOCKED || truncate##f == FREEING)
#define MAY_PIN(f) (!IS_LOCKED(f))

/* What is asked for by gupStart, and where it leads; `next` is BREAK_LAYOUTS if there is a target. */
#define GUP_START(u, b, t, next) \
  :: atomic { user##u == IDLE && ((owner##b == 1 && MAY_PIN(1)) || (owner##b == 2 && MAY_PIN(2))) -> \
       file##u = owner##b; target##u = t; pages##u = (1 << b); leased##u = 1; user##u = next }
#define GUP_STARTS(u, b) GUP_START(u, b, NONE, DMA) GUP_START(u, b, 1, BREAK_LAYOUTS) GUP_START(u, b, 2, BREAK_LAYOUTS)

#define STEPS_OF_USER(u) \
  GUP_STARTS(u, 0) \
  GUP_STARTS(u, 1) \
  GUP_STARTS(u, 2) \
  :: atomic { user##u == BREAK_LAYOUTS -> user##u = DMA } \
  :: atomic { user##u == DMA -> \
       file##u = NONE; target##u = NONE; pages##u = 0; stale##u = 0; leased##u = 0; user##u = IDLE }

#define MARK_STALE(u, f) stale##u = (IS_PINNING(u) -> (stale##u | (pages##u & BLOCKS(f))) : stale##u)
#define FREE_BLOCK(b, f) owner##b = (owner##b == f -> FREE : owner##b)

#define ALLOC(f, b) :: atomic { owner##b == FREE && truncate##f == IDLE -> owner##b = f }
#define STEPS_OF_FILE(f) \
  ALLOC(f, 0) \
  ALLOC(f, 1) \
  ALLOC(f, 2) \
  :: atomic { truncate##f == IDLE && HAS_BLOCKS(f) -> truncate##f = LOCKED } \
  :: atomic { truncate##f == LOCKED -> truncate##f = (IS_LEASED(f) -> WAITING : FREEING) } \
  :: atomic { truncate##f == FREEING -> \
       MARK_STALE(0, f); MARK_STALE(1, f); MARK_STALE(2, f); \
       FREE_BLOCK(0, f); FREE_BLOCK(1, f); FREE_BLOCK(2, f); \
       truncate##f = IDLE } \
  :: atomic { truncate##f == WAITING && !IS_LEASED(f) -> truncate##f = LOCKED }

#define FREE_UNDER_DMA(u) (IS_PINNING(u) && (pages##u & BLOCKS(FREE)))
#define REALLOC_UNDER_DMA(u) (IS_PINNING(u) && (stale##u & ~BLOCKS(FREE)))

/* Whether user u waits for user v; breaking layouts waits for no lease in this design. */
#define MUST_WAIT_TO_BREAK 0
#define IS_KEPT_OUT(u, f) (file##u == f && IS_LOCKED(f))
#define IS_AWAITED_BY_TRUNCATE(f, v) (truncate##f == WAITING && HAS_LEASE(v, f))
#define WAITS_FOR(u, v) ( \
  (user##u == BREAK_LAYOUTS && target##u != NONE && MUST_WAIT_TO_BREAK && HAS_LEASE(v, target##u)) || \
  ((user##u == RECORD_LEASE || user##u == PIN_NEXT) && \
    ((IS_KEPT_OUT(u, 1) && IS_AWAITED_BY_TRUNCATE(1, v)) || (IS_KEPT_OUT(u, 2) && IS_AWAITED_BY_TRUNCATE(2, v)))))
#define PAIR_WAITS(u, v) (WAITS_FOR(u, v) && WAITS_FOR(v, u))
#define WAIT_CYCLE ( \
  WAITS_FOR(0, 0) || WAITS_FOR(1, 1) || WAITS_FOR(2, 2) || PAIR_WAITS(0, 1) || PAIR_WAITS(0, 2) || PAIR_WAITS(1, 2) || \
  (WAITS_FOR(0, 1) && WAITS_FOR(1, 2) && WAITS_FOR(2, 0)) || (WAITS_FOR(0, 2) && WAITS_FOR(2, 1) && WAITS_FOR(1, 0)))

active proctype TruncateDma() {
  do
  :: atomic { FREE_UNDER_DMA(0) || FREE_UNDER_DMA(1) || FREE_UNDER_DMA(2) -> assert(false) }
  :: atomic { REALLOC_UNDER_DMA(0) || REALLOC_UNDER_DMA(1) || REALLOC_UNDER_DMA(2) -> assert(false) }
  :: atomic { WAIT_CYCLE -> assert(false) }
  STEPS_OF_FILE(1)
  STEPS_OF_FILE(2)
  STEPS_OF_USER(0)
  STEPS_OF_USER(1)
  STEPS_OF_USER(2)
  od
}
