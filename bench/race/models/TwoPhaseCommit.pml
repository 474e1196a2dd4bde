/*
 * Two-phase commit, as specs/classic/two-phase-commit.ts has it; N resource managers, from the command line: spin -DN=7.
 *
 * One process and one option for each action and resource manager, sets as bit masks, bit fields: the densest state and the
 * fewest instructions that Promela can say. A resource manager's state has a bit in `low` and a bit in `high`:
 * 0 0 working, 1 0 prepared, 0 1 committed, 1 1 aborted.
 *
 * The invariant is an option too, so it is looked at once for each distinct state. Steps that change nothing are kept: the
 * transitions that SPIN counts are those that Kripke generates.
 */
#define ALL ((1 << N) - 1)
#define IS_WORKING(rm) (!((low | high) & (1 << rm)))

#define INIT 0
#define COMMITTED 1
#define ABORTED 2

unsigned low : N
unsigned high : N
unsigned tm : 2
unsigned tmPrepared : N
unsigned preparedSent : N
unsigned commitSent : 1
unsigned abortSent : 1

#define RESOURCE_MANAGER(rm) \
  :: atomic { tm == INIT && (preparedSent & (1 << rm)) -> tmPrepared = tmPrepared | (1 << rm) } \
  :: atomic { IS_WORKING(rm) -> low = low | (1 << rm); preparedSent = preparedSent | (1 << rm) } \
  :: atomic { IS_WORKING(rm) -> low = low | (1 << rm); high = high | (1 << rm) } \
  :: atomic { commitSent -> high = high | (1 << rm); low = low & ~(1 << rm) } \
  :: atomic { abortSent -> high = high | (1 << rm); low = low | (1 << rm) }

active proctype TwoPhaseCommit() {
  do
  /* consistent: no one is aborted and another committed */
  :: atomic { (high & low) && (high & ~low) -> assert(false) }
  :: atomic { tm == INIT && tmPrepared == ALL -> tm = COMMITTED; commitSent = 1 }
  :: atomic { tm == INIT -> tm = ABORTED; abortSent = 1 }
  RESOURCE_MANAGER(0)
  RESOURCE_MANAGER(1)
  RESOURCE_MANAGER(2)
#if N > 3
  RESOURCE_MANAGER(3)
#endif
#if N > 4
  RESOURCE_MANAGER(4)
#endif
#if N > 5
  RESOURCE_MANAGER(5)
#endif
#if N > 6
  RESOURCE_MANAGER(6)
#endif
#if N > 7
  RESOURCE_MANAGER(7)
#endif
#if N > 8
  RESOURCE_MANAGER(8)
#endif
  od
}
