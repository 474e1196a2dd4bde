--------------------------- MODULE TwoPhaseCommit ---------------------------
(* Two-phase commit, as specs/classic/two-phase-commit.ts has it, in its     *)
(* variables. Where Lamport's TwoPhase.tla has one set of messages, this has *)
(* the senders of "Prepared" and a flag each for "Commit" and "Abort".       *)
EXTENDS Naturals
CONSTANT N
VARIABLES rm, tm, tmPrepared, preparedSent, commitSent, abortSent
vars == <<rm, tm, tmPrepared, preparedSent, commitSent, abortSent>>

RM == 1 .. N

Init ==
  /\ rm = [r \in RM |-> "working"]
  /\ tm = "init"
  /\ tmPrepared = {}
  /\ preparedSent = {}
  /\ commitSent = FALSE
  /\ abortSent = FALSE

TMRcvPrepared(r) ==
  /\ tm = "init"
  /\ r \in preparedSent
  /\ tmPrepared' = tmPrepared \union {r}
  /\ UNCHANGED <<rm, tm, preparedSent, commitSent, abortSent>>

TMCommit ==
  /\ tm = "init"
  /\ tmPrepared = RM
  /\ tm' = "committed"
  /\ commitSent' = TRUE
  /\ UNCHANGED <<rm, tmPrepared, preparedSent, abortSent>>

TMAbort ==
  /\ tm = "init"
  /\ tm' = "aborted"
  /\ abortSent' = TRUE
  /\ UNCHANGED <<rm, tmPrepared, preparedSent, commitSent>>

RMPrepare(r) ==
  /\ rm[r] = "working"
  /\ rm' = [rm EXCEPT ![r] = "prepared"]
  /\ preparedSent' = preparedSent \union {r}
  /\ UNCHANGED <<tm, tmPrepared, commitSent, abortSent>>

RMChooseToAbort(r) ==
  /\ rm[r] = "working"
  /\ rm' = [rm EXCEPT ![r] = "aborted"]
  /\ UNCHANGED <<tm, tmPrepared, preparedSent, commitSent, abortSent>>

RMRcvCommit(r) ==
  /\ commitSent
  /\ rm' = [rm EXCEPT ![r] = "committed"]
  /\ UNCHANGED <<tm, tmPrepared, preparedSent, commitSent, abortSent>>

RMRcvAbort(r) ==
  /\ abortSent
  /\ rm' = [rm EXCEPT ![r] = "aborted"]
  /\ UNCHANGED <<tm, tmPrepared, preparedSent, commitSent, abortSent>>

Next ==
  \/ TMCommit
  \/ TMAbort
  \/ \E r \in RM :
       \/ TMRcvPrepared(r)
       \/ RMPrepare(r)
       \/ RMChooseToAbort(r)
       \/ RMRcvCommit(r)
       \/ RMRcvAbort(r)

Spec == Init /\ [][Next]_vars

Consistent == \A one, other \in RM : ~(rm[one] = "aborted" /\ rm[other] = "committed")

Invariant == Consistent
=============================================================================
