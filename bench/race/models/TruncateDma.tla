----------------------------- MODULE TruncateDma -----------------------------
(* Truncate versus DMA, as specs/truncate-dma.ts has it for                   *)
(* design=wait-allocated files=2 blocks=3 users=3 and otherwise the defaults. *)
(* What other designs and knobs need is left out, and so is `want`: with one  *)
(* page for each get_user_pages() it is 1 exactly when a user is not idle.    *)
(* The property noUnexpectedFailure has nothing to look at: this design has   *)
(* no truncFail.                                                              *)
EXTENDS Naturals
VARIABLES owner, truncate, user, gup
vars == <<owner, truncate, user, gup>>

File == 1 .. 2
Block == 1 .. 3
User == 1 .. 3
None == 0
Free == 0

NoGup == [file |-> None, target |-> None, pages |-> {}, stale |-> {}, leased |-> FALSE]

Init ==
  /\ owner = [b \in Block |-> Free]
  /\ truncate = [f \in File |-> "idle"]
  /\ user = [u \in User |-> "idle"]
  /\ gup = [u \in User |-> NoGup]

BlocksOf(f) == {b \in Block : owner[b] = f}
HasLease(u, f) == gup[u].leased /\ gup[u].file = f
IsLeased(f) == \E u \in User : HasLease(u, f)
IsPinning(u) == user[u] \in {"recordLease", "pinNext", "breakLayouts", "dma"}
IsLocked(f) == truncate[f] \in {"locked", "freeing"}

(* Whether breaking the layouts of a file has to wait for leases on it: not in this design. *)
MustWaitToBreak(f) == FALSE

Alloc(f, b) ==
  /\ owner[b] = Free
  /\ truncate[f] = "idle"
  /\ owner' = [owner EXCEPT ![b] = f]
  /\ UNCHANGED <<truncate, user, gup>>

GupStart(u, b, t) ==
  /\ user[u] = "idle"
  /\ owner[b] # Free
  /\ ~IsLocked(owner[b])
  /\ gup' = [gup EXCEPT ![u] =
       [file |-> owner[b], target |-> t, pages |-> {b}, stale |-> {}, leased |-> TRUE]]
  /\ user' = [user EXCEPT ![u] = IF t = None THEN "dma" ELSE "breakLayouts"]
  /\ UNCHANGED <<owner, truncate>>

Break(u) ==
  /\ user[u] = "breakLayouts"
  /\ ~MustWaitToBreak(gup[u].target)
  /\ user' = [user EXCEPT ![u] = "dma"]
  /\ UNCHANGED <<owner, truncate, gup>>

DmaDone(u) ==
  /\ user[u] = "dma"
  /\ user' = [user EXCEPT ![u] = "idle"]
  /\ gup' = [gup EXCEPT ![u] = NoGup]
  /\ UNCHANGED <<owner, truncate>>

TruncLock(f) ==
  /\ truncate[f] = "idle"
  /\ BlocksOf(f) # {}
  /\ truncate' = [truncate EXCEPT ![f] = "locked"]
  /\ UNCHANGED <<owner, user, gup>>

TruncCheck(f) ==
  /\ truncate[f] = "locked"
  /\ truncate' = [truncate EXCEPT ![f] = IF IsLeased(f) THEN "waiting" ELSE "freeing"]
  /\ UNCHANGED <<owner, user, gup>>

TruncFree(f) ==
  /\ truncate[f] = "freeing"
  /\ owner' = [b \in Block |-> IF owner[b] = f THEN Free ELSE owner[b]]
  /\ gup' = [u \in User |->
       IF IsPinning(u)
       THEN [gup[u] EXCEPT !.stale = @ \union (gup[u].pages \intersect BlocksOf(f))]
       ELSE gup[u]]
  /\ truncate' = [truncate EXCEPT ![f] = "idle"]
  /\ UNCHANGED user

TruncResume(f) ==
  /\ truncate[f] = "waiting"
  /\ ~IsLeased(f)
  /\ truncate' = [truncate EXCEPT ![f] = "locked"]
  /\ UNCHANGED <<owner, user, gup>>

Next ==
  \/ \E f \in File :
       \/ \E b \in Block : Alloc(f, b)
       \/ TruncLock(f)
       \/ TruncCheck(f)
       \/ TruncFree(f)
       \/ TruncResume(f)
  \/ \E u \in User :
       \/ \E b \in Block, t \in {None} \union File : GupStart(u, b, t)
       \/ Break(u)
       \/ DmaDone(u)

Spec == Init /\ [][Next]_vars

NoFreeUnderDma == \A u \in User : IsPinning(u) => \A b \in gup[u].pages : owner[b] # Free

NoReallocUnderDma == \A u \in User : IsPinning(u) => \A b \in gup[u].stale : owner[b] = Free

WaitsFor(u, v) ==
  \/ /\ user[u] = "breakLayouts"
     /\ gup[u].target # None
     /\ MustWaitToBreak(gup[u].target)
     /\ HasLease(v, gup[u].target)
  \/ /\ user[u] \in {"recordLease", "pinNext"}
     /\ gup[u].file # None
     /\ IsLocked(gup[u].file)
     /\ truncate[gup[u].file] = "waiting"
     /\ HasLease(v, gup[u].file)

(* Users are three, so no cycle is longer. *)
NoWaitCycle ==
  \A u, v \in User : WaitsFor(u, v) =>
    /\ u # v
    /\ ~WaitsFor(v, u)
    /\ \A w \in User : ~(WaitsFor(v, w) /\ WaitsFor(w, u))

Invariant == NoFreeUnderDma /\ NoReallocUnderDma /\ NoWaitCycle
=============================================================================
