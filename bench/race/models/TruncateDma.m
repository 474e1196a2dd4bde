-- Truncate versus DMA, as specs/truncate-dma.ts has it for design=wait-allocated files=2 blocks=3 users=3 and otherwise the
-- defaults. What other designs and knobs need is left out, and so is `want`: with one page for each get_user_pages() it is 1
-- exactly when a user is not idle. The property noUnexpectedFailure has nothing to look at: this design has no truncFail.
--
-- noFreeUnderDma and noReallocUnderDma are asserted in the steps that write what they read, for what was written: Rumur would look
-- at invariants after every step.
const
  FILES: 2;
  BLOCKS: 3;
  USERS: 3;
  -- A file, or:
  NONE: 0;
  FREE: 0;

type
  File: 1 .. FILES;
  NoneOrFile: 0 .. FILES;
  Block: 0 .. BLOCKS - 1;
  User: 0 .. USERS - 1;
  Truncate: enum { truncIdle, locked, freeing, waiting };
  Place: enum { idle, recordLease, pinNext, breakLayouts, dma };

var
  owner: array[Block] of NoneOrFile;
  truncate: array[File] of Truncate;
  user: array[User] of Place;
  file: array[User] of NoneOrFile;
  target: array[User] of NoneOrFile;
  pages: array[User] of array[Block] of boolean;
  stale: array[User] of array[Block] of boolean;
  leased: array[User] of boolean;

function isLeased(f: File): boolean; begin
  return exists u: User do leased[u] & file[u] = f end;
end;

-- Whether truncate holds the fault lock of the file, which keeps out new pins.
function isLocked(f: NoneOrFile): boolean; begin
  return f != NONE & (truncate[f] = locked | truncate[f] = freeing);
end;

-- Whether breaking the layouts of a file has to wait for leases on it: not in this design.
function mustWaitToBreak(f: NoneOrFile): boolean; begin
  return false;
end;

-- Whether a user waits for another at this moment.
function waitsFor(u: User; other: User): boolean; begin
  switch user[u]
    case breakLayouts:
      return target[u] != NONE & mustWaitToBreak(target[u]) & leased[other] & file[other] = target[u];
    case recordLease, pinNext:
      return isLocked(file[u]) & truncate[file[u]] = waiting & leased[other] & file[other] = file[u];
  end;
  return false;
end;

procedure reset(u: User); begin
  user[u] := idle;
  file[u] := NONE;
  target[u] := NONE;
  leased[u] := false;
  for b: Block do
    pages[u][b] := false;
    stale[u][b] := false;
  end;
end;

startstate begin
  for b: Block do owner[b] := FREE; end;
  for f: File do truncate[f] := truncIdle; end;
  for u: User do reset(u); end;
end;

ruleset f: File do
  ruleset b: Block do
    rule "alloc" owner[b] = FREE & truncate[f] = truncIdle ==> begin
      owner[b] := f;
      assert "noReallocUnderDma" forall u: User do user[u] = idle | !stale[u][b] end;
    end;
  end;

  rule "truncLock" truncate[f] = truncIdle & exists b: Block do owner[b] = f end ==> begin
    truncate[f] := locked;
  end;

  rule "truncCheck" truncate[f] = locked ==> begin
    if isLeased(f) then truncate[f] := waiting; else truncate[f] := freeing; end;
  end;

  rule "truncFree" truncate[f] = freeing ==> begin
    for b: Block do
      if owner[b] = f then
        owner[b] := FREE;
        for u: User do
          if user[u] != idle & pages[u][b] then stale[u][b] := true; end;
        end;
      end;
    end;
    truncate[f] := truncIdle;
    for u: User do
      if user[u] != idle then
        assert "noFreeUnderDma" forall b: Block do !(pages[u][b] & owner[b] = FREE) end;
        assert "noReallocUnderDma" forall b: Block do !(stale[u][b] & owner[b] != FREE) end;
      end;
    end;
  end;

  rule "truncResume" truncate[f] = waiting & !isLeased(f) ==> begin
    truncate[f] := locked;
  end;
end;

ruleset u: User do
  ruleset b: Block; t: NoneOrFile do
    rule "gupStart" user[u] = idle & owner[b] != FREE & !isLocked(owner[b]) ==> begin
      file[u] := owner[b];
      target[u] := t;
      pages[u][b] := true;
      leased[u] := true;
      if t != NONE then user[u] := breakLayouts; else user[u] := dma; end;
      assert "noFreeUnderDma" owner[b] != FREE;
      assert "noReallocUnderDma" forall other: Block do !(stale[u][other] & owner[other] != FREE) end;
    end;
  end;

  rule "break" user[u] = breakLayouts & !mustWaitToBreak(target[u]) ==> begin
    user[u] := dma;
  end;

  rule "dmaDone" user[u] = dma ==> begin
    reset(u);
  end;
end;

-- Users are three, so no cycle is longer. The first line is only for speed: nobody waits anywhere else.
invariant "noWaitCycle"
  forall u: User do
    (user[u] = recordLease | user[u] = pinNext | (user[u] = breakLayouts & mustWaitToBreak(target[u]))) -> forall v: User do
      waitsFor(u, v) ->
        (u != v & !waitsFor(v, u) & forall w: User do !(waitsFor(v, w) & waitsFor(w, u)) end)
    end
  end;
