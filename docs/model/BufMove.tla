------------------------------ MODULE BufMove ------------------------------
(***************************************************************************)
(* How a buffer moves while devices use it: PROTOCOL "A move, step by      *)
(* step".  Actions bear the names of the messages they stand for.  Each of *)
(* the four switches takes one rule away; README.md says what then breaks. *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS Buffers, Devices, Slots,  \* a slot holds one buffer; some are free
          WaitFences,   \* a move waits for every fence
          Invalidate,   \* an unmap takes the translation out
          HoldMaps,     \* new maps wait for the end of a move
          HoldUses      \* new uses wait for the end of a move

None == "none"

VARIABLES slot,     \* buffer -> where it lives
          owner,    \* slot -> whose it is
          phase,    \* buffer -> resident, moving, copying
          target,   \* buffer -> where it moves to
          map,      \* buffer, device -> none, live, stale
          tlb,      \* buffer, device -> the slot its translation leads to
          job,      \* buffer, device -> idle, granted: a fence is pending
          value,    \* slot -> what is in it
          written   \* buffer -> what was written last

vars == <<slot, owner, phase, target, map, tlb, job, value, written>>

TypeOK ==
  /\ slot \in [Buffers -> Slots]
  /\ owner \in [Slots -> Buffers \cup {None}]
  /\ phase \in [Buffers -> {"resident", "moving", "copying"}]
  /\ target \in [Buffers -> Slots \cup {None}]
  /\ map \in [Buffers -> [Devices -> {"none", "live", "stale"}]]
  /\ tlb \in [Buffers -> [Devices -> Slots \cup {None}]]
  /\ job \in [Buffers -> [Devices -> {"idle", "granted"}]]
  /\ value \in [Slots -> 0..1]
  /\ written \in [Buffers -> 0..1]

Init ==
  /\ slot \in {f \in [Buffers -> Slots] : \A a, b \in Buffers : f[a] = f[b] => a = b}
  /\ owner = [s \in Slots |-> IF \E b \in Buffers : slot[b] = s
                              THEN CHOOSE b \in Buffers : slot[b] = s ELSE None]
  /\ phase = [b \in Buffers |-> "resident"]
  /\ target = [b \in Buffers |-> None]
  /\ map = [b \in Buffers |-> [d \in Devices |-> "none"]]
  /\ tlb = [b \in Buffers |-> [d \in Devices |-> None]]
  /\ job = [b \in Buffers |-> [d \in Devices |-> "idle"]]
  /\ value = [s \in Slots |-> 0]
  /\ written = [b \in Buffers |-> 0]

Map(b, d) ==
  /\ map[b][d] = "none"
  /\ phase[b] = "resident" \/ (~HoldMaps /\ phase[b] = "moving")
  /\ map' = [map EXCEPT ![b][d] = "live"]
  /\ tlb' = [tlb EXCEPT ![b][d] = slot[b]]
  /\ UNCHANGED <<slot, owner, phase, target, job, value, written>>

\* A writer is alone.
Use(b, d) ==
  /\ \A e \in Devices : job[b][e] = "idle"
  /\ \/ map[b][d] = "live" /\ phase[b] = "resident"
     \/ ~HoldUses /\ map[b][d] \in {"live", "stale"} /\ phase[b] = "moving"
  /\ job' = [job EXCEPT ![b][d] = "granted"]
  /\ UNCHANGED <<slot, owner, phase, target, map, tlb, value, written>>

\* The device writes through its translation, and its fence signals.
Signal(b, d) ==
  /\ job[b][d] = "granted"
  /\ tlb[b][d] # None
  /\ value' = [value EXCEPT ![tlb[b][d]] = 1 - written[b]]
  /\ written' = [written EXCEPT ![b] = 1 - written[b]]
  /\ job' = [job EXCEPT ![b][d] = "idle"]
  /\ UNCHANGED <<slot, owner, phase, target, map, tlb>>

\* Of its own accord, or because the mapping is stale; never under its own work.
Unmap(b, d) ==
  /\ map[b][d] \in {"live", "stale"}
  /\ job[b][d] = "idle"
  /\ map' = [map EXCEPT ![b][d] = "none"]
  /\ tlb' = [tlb EXCEPT ![b][d] = IF Invalidate THEN None ELSE @]
  /\ UNCHANGED <<slot, owner, phase, target, job, value, written>>

\* Live mappings become stale: Invalidate goes to their devices.
PrepareMove(b, s) ==
  /\ phase[b] = "resident"
  /\ owner[s] = None
  /\ phase' = [phase EXCEPT ![b] = "moving"]
  /\ target' = [target EXCEPT ![b] = s]
  /\ owner' = [owner EXCEPT ![s] = b]
  /\ map' = [map EXCEPT ![b] = [d \in Devices |->
                IF map[b][d] = "live" THEN "stale" ELSE map[b][d]]]
  /\ UNCHANGED <<slot, tlb, job, value, written>>

Quiet(b, d) == map[b][d] = "none" /\ job[b][d] = "idle"

Prepared(b) ==
  /\ phase[b] = "moving"
  /\ \A d \in Devices : Quiet(b, d) \/ (~WaitFences /\ job[b][d] = "granted")
  /\ phase' = [phase EXCEPT ![b] = "copying"]
  /\ value' = [value EXCEPT ![target[b]] = value[slot[b]]]
  /\ UNCHANGED <<slot, owner, target, map, tlb, job, written>>

Landed(b) ==
  /\ phase[b] = "copying"
  /\ phase' = [phase EXCEPT ![b] = "resident"]
  /\ slot' = [slot EXCEPT ![b] = target[b]]
  /\ owner' = [owner EXCEPT ![slot[b]] = None]
  /\ target' = [target EXCEPT ![b] = None]
  /\ UNCHANGED <<map, tlb, job, value, written>>

Next == \E b \in Buffers :
  \/ \E d \in Devices : Map(b, d) \/ Use(b, d) \/ Signal(b, d) \/ Unmap(b, d)
  \/ \E s \in Slots : PrepareMove(b, s)
  \/ Prepared(b)
  \/ Landed(b)

\* Work ends, importers answer an invalidate, and migration goes on; nobody has to map or use.
Fairness == \A b \in Buffers :
  /\ WF_vars(Prepared(b)) /\ WF_vars(Landed(b))
  /\ \A d \in Devices :
       WF_vars(Signal(b, d)) /\ WF_vars(map[b][d] = "stale" /\ Unmap(b, d))

Spec == Init /\ [][Next]_vars /\ Fairness

\* No granted work reaches a slot that is not its buffer's present one.
NoUseAfterMove == \A b \in Buffers, d \in Devices :
  job[b][d] = "granted" => tlb[b][d] = slot[b] /\ owner[slot[b]] = b /\ phase[b] # "copying"

\* No translation outlives its mapping, and none leads elsewhere than home.
NoStaleTranslation == \A b \in Buffers, d \in Devices :
  tlb[b][d] # None => map[b][d] # "none" /\ tlb[b][d] = slot[b]

\* Whatever was written last is where the buffer lives, and goes along when it moves.
NoLostWrite == \A b \in Buffers :
  /\ value[slot[b]] = written[b]
  /\ phase[b] = "copying" => value[target[b]] = written[b]

\* Every slot is one buffer's or free, and every buffer has its own.
Conservation ==
  /\ \A b \in Buffers : owner[slot[b]] = b /\ (target[b] # None => owner[target[b]] = b)
  /\ Cardinality({s \in Slots : owner[s] # None}) =
       Cardinality(Buffers) + Cardinality({b \in Buffers : target[b] # None})

MovesEnd == \A b \in Buffers : phase[b] = "moving" ~> phase[b] = "resident"
=============================================================================
