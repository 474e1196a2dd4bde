-- Two-phase commit, as specs/classic/two-phase-commit.ts has it; N is defined by a first line that the runner adds.
--
-- The invariant `consistent` is asserted where a step could break it, for all pairs with the one that changed. Rumur would look
-- at an invariant after every step, which takes a third longer; README.md has what was tried.
type
  RM: 0 .. N - 1;
  RMState: enum { working, prepared, committed, aborted };
  TMState: enum { init, tmCommitted, tmAborted };

var
  rm: array[RM] of RMState;
  tm: TMState;
  tmPrepared: array[RM] of boolean;
  preparedSent: array[RM] of boolean;
  commitSent: boolean;
  abortSent: boolean;

startstate begin
  for r: RM do
    rm[r] := working;
    tmPrepared[r] := false;
    preparedSent[r] := false;
  end;
  tm := init;
  commitSent := false;
  abortSent := false;
end;

rule "tmCommit" tm = init & forall r: RM do tmPrepared[r] end ==> begin
  tm := tmCommitted;
  commitSent := true;
end;

rule "tmAbort" tm = init ==> begin
  tm := tmAborted;
  abortSent := true;
end;

ruleset r: RM do
  rule "tmRcvPrepared" tm = init & preparedSent[r] ==> begin
    tmPrepared[r] := true;
  end;

  rule "rmPrepare" rm[r] = working ==> begin
    rm[r] := prepared;
    preparedSent[r] := true;
  end;

  rule "rmChooseToAbort" rm[r] = working ==> begin
    rm[r] := aborted;
    assert "consistent" forall other: RM do rm[other] != committed end;
  end;

  rule "rmRcvCommit" commitSent ==> begin
    rm[r] := committed;
    assert "consistent" forall other: RM do rm[other] != aborted end;
  end;

  rule "rmRcvAbort" abortSent ==> begin
    rm[r] := aborted;
    assert "consistent" forall other: RM do rm[other] != committed end;
  end;
end;
