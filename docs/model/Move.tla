-------------------------------- MODULE Move --------------------------------
(***************************************************************************)
(* A buffer moves while devices use it. Actions are the protocol's         *)
(* messages: Map, Unmap, PrepareMove with its Invalidate, the copy on a    *)
(* link, Landed, and the watchdog's forced detach. One page stands for an  *)
(* extent; a device's page table and IOTLB are apart, for it is through    *)
(* the IOTLB that a device reaches memory.                                 *)
(*                                                                         *)
(* The constants of the second group are the rules. Each may be broken,    *)
(* and the model then says what goes wrong (see README.md).                *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS
  Buffers, Devices, Pages,
  None,               \* no page, no buffer
  Silent,             \* devices whose importer never answers an Invalidate
  MaxMoves,           \* moves of all buffers together
  WaitsForFences,     \* the copy starts when no job is on the buffer
  WaitsForUnmaps,     \* a move has landed when every mapping of the old page is gone
  FlushesIotlb,       \* an unmap is done when the IOTLB has forgotten it
  HoldsMaps,          \* a new map waits while the buffer moves
  HoldsJobs,          \* a new job waits while the buffer moves
  ForcesTheSilent     \* the watchdog detaches who has not unmapped

VARIABLES
  place,    \* of a buffer: its page
  target,   \* of a buffer that moves: the page it moves to; else None
  copied,   \* of a buffer that moves: its contents are there
  pins,     \* of a buffer: 0 or 1
  state,    \* of an attachment <<d, b>>: "attached", "mapped", "stale", "detached"
  pte,      \* of an attachment: the page its device's page table names
  tlb,      \* of an attachment: the page its device's IOTLB remembers
  job,      \* of a device: the buffer its job is on; its fence has not signalled
  data,     \* of a page: the number of the write it holds
  latest,   \* of a buffer: the number of its last write
  moves     \* begun so far

vars == <<place, target, copied, pins, state, pte, tlb, job, data, latest, moves>>

Attachments == Devices \X Buffers
Writes == 0 .. 2
Poison == 3

Moving(b) == target[b] # None
Owned == {place[b] : b \in Buffers} \cup {target[b] : b \in Buffers}
Free == Pages \ Owned
OnBuffer(b) == {d \in Devices : job[d] = b}

TypeOK ==
  /\ place \in [Buffers -> Pages]
  /\ target \in [Buffers -> Pages \cup {None}]
  /\ copied \in [Buffers -> BOOLEAN]
  /\ pins \in [Buffers -> 0 .. 1]
  /\ state \in [Attachments -> {"attached", "mapped", "stale", "detached"}]
  /\ pte \in [Attachments -> Pages \cup {None}]
  /\ tlb \in [Attachments -> Pages \cup {None}]
  /\ job \in [Devices -> Buffers \cup {None}]
  /\ data \in [Pages -> Writes \cup {Poison}]
  /\ latest \in [Buffers -> Writes]
  /\ moves \in 0 .. MaxMoves

Init ==
  /\ place \in [Buffers -> Pages]
  /\ \A b, c \in Buffers : b # c => place[b] # place[c]
  /\ target = [b \in Buffers |-> None]
  /\ copied = [b \in Buffers |-> FALSE]
  /\ pins = [b \in Buffers |-> 0]
  /\ state = [a \in Attachments |-> "attached"]
  /\ pte = [a \in Attachments |-> None]
  /\ tlb = [a \in Attachments |-> None]
  /\ job = [d \in Devices |-> None]
  /\ data = [p \in Pages |-> IF \E b \in Buffers : place[b] = p THEN 0 ELSE Poison]
  /\ latest = [b \in Buffers |-> 0]
  /\ moves = 0

-----------------------------------------------------------------------------
(* Importers *)

Map(d, b) ==
  /\ state[<<d, b>>] = "attached"
  /\ HoldsMaps => ~Moving(b)
  /\ state' = [state EXCEPT ![<<d, b>>] = "mapped"]
  /\ pte' = [pte EXCEPT ![<<d, b>>] = place[b]]
  /\ UNCHANGED <<place, target, copied, pins, tlb, job, data, latest, moves>>

\* The IOMMU's part of an unmap, voluntary or not.
Forget(d, b, then) ==
  /\ state' = [state EXCEPT ![<<d, b>>] = then]
  /\ pte' = [pte EXCEPT ![<<d, b>>] = None]
  /\ tlb' = IF FlushesIotlb THEN [tlb EXCEPT ![<<d, b>>] = None] ELSE tlb

Unmap(d, b) ==
  /\ state[<<d, b>>] \in {"mapped", "stale"}
  /\ d \notin Silent \/ state[<<d, b>>] = "mapped"
  /\ job[d] # b
  /\ Forget(d, b, "attached")
  /\ UNCHANGED <<place, target, copied, pins, job, data, latest, moves>>

\* The watchdog's: whatever job there was faults, and its fence carries the error.
ForceDetach(d, b) ==
  /\ ForcesTheSilent
  /\ d \in Silent
  /\ state[<<d, b>>] = "stale"
  /\ Forget(d, b, "detached")
  /\ job' = IF job[d] = b THEN [job EXCEPT ![d] = None] ELSE job
  /\ UNCHANGED <<place, target, copied, pins, data, latest, moves>>

StartJob(d, b) ==
  /\ job[d] = None
  /\ state[<<d, b>>] = "mapped" \/ (~HoldsJobs /\ state[<<d, b>>] = "stale")
  /\ HoldsJobs => ~Moving(b)
  /\ job' = [job EXCEPT ![d] = b]
  /\ UNCHANGED <<place, target, copied, pins, state, pte, tlb, data, latest, moves>>

\* A translation is asked of the IOTLB, and of the page table where that has none.
Translate(d) ==
  LET b == job[d] IN
  /\ b # None
  /\ tlb[<<d, b>>] = None
  /\ pte[<<d, b>>] # None
  /\ tlb' = [tlb EXCEPT ![<<d, b>>] = pte[<<d, b>>]]
  /\ UNCHANGED <<place, target, copied, pins, state, pte, job, data, latest, moves>>

Write(d) ==
  LET b == job[d] IN
  /\ b # None
  /\ tlb[<<d, b>>] # None
  /\ LET next == (latest[b] + 1) % 3 IN
     /\ data' = [data EXCEPT ![tlb[<<d, b>>]] = next]
     /\ latest' = [latest EXCEPT ![b] = next]
  /\ UNCHANGED <<place, target, copied, pins, state, pte, tlb, job, moves>>

Signal(d) ==
  /\ job[d] # None
  /\ job' = [job EXCEPT ![d] = None]
  /\ UNCHANGED <<place, target, copied, pins, state, pte, tlb, data, latest, moves>>

-----------------------------------------------------------------------------
(* The buffer, the link, the clients *)

PrepareMove(b) ==
  /\ ~Moving(b)
  /\ pins[b] = 0
  /\ moves < MaxMoves
  /\ \E p \in Free : target' = [target EXCEPT ![b] = p]
  /\ copied' = [copied EXCEPT ![b] = FALSE]
  /\ state' = [a \in Attachments |->
                 IF a[2] = b /\ state[a] = "mapped" THEN "stale" ELSE state[a]]
  /\ moves' = moves + 1
  /\ UNCHANGED <<place, pins, pte, tlb, job, data, latest>>

Copy(b) ==
  /\ Moving(b) /\ ~copied[b]
  /\ WaitsForFences => OnBuffer(b) = {}
  /\ data' = [data EXCEPT ![target[b]] = data[place[b]]]
  /\ copied' = [copied EXCEPT ![b] = TRUE]
  /\ UNCHANGED <<place, target, pins, state, pte, tlb, job, latest, moves>>

Landed(b) ==
  /\ Moving(b) /\ copied[b]
  /\ WaitsForUnmaps => \A d \in Devices : state[<<d, b>>] \notin {"mapped", "stale"}
  /\ place' = [place EXCEPT ![b] = target[b]]
  /\ target' = [target EXCEPT ![b] = None]
  /\ data' = [data EXCEPT ![place[b]] = Poison]
  /\ UNCHANGED <<copied, pins, state, pte, tlb, job, latest, moves>>

Pin(b) ==
  /\ ~Moving(b) /\ pins[b] = 0
  /\ pins' = [pins EXCEPT ![b] = 1]
  /\ UNCHANGED <<place, target, copied, state, pte, tlb, job, data, latest, moves>>

Unpin(b) ==
  /\ pins[b] = 1
  /\ pins' = [pins EXCEPT ![b] = 0]
  /\ UNCHANGED <<place, target, copied, state, pte, tlb, job, data, latest, moves>>

-----------------------------------------------------------------------------

Next ==
  \/ \E d \in Devices, b \in Buffers :
       Map(d, b) \/ Unmap(d, b) \/ ForceDetach(d, b) \/ StartJob(d, b)
  \/ \E d \in Devices : Translate(d) \/ Write(d) \/ Signal(d)
  \/ \E b \in Buffers : PrepareMove(b) \/ Copy(b) \/ Landed(b) \/ Pin(b) \/ Unpin(b)

\* Fences signal, importers that answer unmap what is stale, the watchdog strikes, and a
\* copy and a landing that stay possible happen. Nobody is made to map, write or move.
Fairness ==
  /\ \A d \in Devices : WF_vars(Signal(d))
  /\ \A d \in Devices, b \in Buffers :
       /\ WF_vars(state[<<d, b>>] = "stale" /\ Unmap(d, b))
       /\ WF_vars(ForceDetach(d, b))
  /\ \A b \in Buffers : WF_vars(Copy(b)) /\ WF_vars(Landed(b))

Spec == Init /\ [][Next]_vars /\ Fairness

-----------------------------------------------------------------------------
(* Safety *)

\* What a device can reach belongs to the buffer that its attachment is to.
NoForeignMemory ==
  \A d \in Devices, b \in Buffers :
    /\ pte[<<d, b>>] \in {None, place[b]}
    /\ tlb[<<d, b>>] \in {None, place[b]}

\* A buffer at rest holds its last write.
NoLostWrite == \A b \in Buffers : ~Moving(b) => data[place[b]] = latest[b]

\* An extent has one owner.
OneOwner ==
  \A b, c \in Buffers :
    /\ place[b] # target[b]
    /\ b # c => /\ place[b] # place[c]
                /\ target[b] = None \/ target[b] \notin {place[c], target[c]}

\* A pinned buffer does not move.
PinsHold == \A b \in Buffers : pins[b] > 0 => ~Moving(b)

\* Which page or buffer it is makes no difference; a silent device is not like another.
Alike == Permutations(Pages) \cup Permutations(Buffers)

(* Liveness *)
MovesEnd == \A b \in Buffers : Moving(b) ~> ~Moving(b)
=============================================================================
