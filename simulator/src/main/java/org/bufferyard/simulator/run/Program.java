package org.bufferyard.simulator.run;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.bufferyard.actors.protocol.ClientId;
import org.bufferyard.actors.protocol.Session;
import org.bufferyard.allocator.Errno;
import org.bufferyard.deviceactors.Device;
import org.bufferyard.simulator.workload.Step;

/** What a client's program is told: its script's steps, and the answers to its requests. */
final class Program {
  sealed interface Command {}

  // --- from the script's stream: one step per ack ---------------------------------------------

  record Begin(ActorRef<Ack> ack) implements Command {}

  record Play(ActorRef<Ack> ack, Step step) implements Command {}

  record ScriptOver() implements Command {}

  record ScriptFailed(Throwable cause) implements Command {}

  /** Ready for the next step. */
  record Ack() {}

  // --- to itself ------------------------------------------------------------------------------

  record Due() implements Command {}

  record GiveUpWaiting() implements Command {}

  // --- answers --------------------------------------------------------------------------------

  record FromSession(Session.Reply reply) implements Command {}

  record FromDevice(Device.Reply reply) implements Command {}

  /**
   * The program has played its script, verified and released everything.
   *
   * @param skipped steps about a buffer that never came
   * @param framesDropped refused, late, or of a buffer that never came
   * @param scriptDoneNanos when all that was left was to verify and release
   * @param turnarounds from a job's submission to its fence, ns; a copy
   * @param noRoom jobs refused for want of room
   * @param refusals the first refusal of each kind, as it was explained
   * @param refusalCounts of each kind, how many
   * @param failure why the script ended early; empty if it did not
   */
  record Done(
      ClientId client,
      long jobs,
      long jobsRefused,
      long pagesVerified,
      long skipped,
      long frames,
      long framesDropped,
      long scriptDoneNanos,
      Histogram turnarounds,
      List<Score.NoRoom> noRoom,
      Map<Errno, String> refusals,
      Map<Errno, Long> refusalCounts,
      List<String> failure) {}

  private Program() {}
}
