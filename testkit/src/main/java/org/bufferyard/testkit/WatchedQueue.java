package org.bufferyard.testkit;

import akka.actor.ActorRef;
import akka.actor.Cell;
import akka.dispatch.Envelope;
import akka.dispatch.MessageQueue;
import org.jspecify.annotations.Nullable;

/** A mailbox's queue that says what is taken out of it. */
final class WatchedQueue implements MessageQueue {
  private final MessageQueue queue;
  private final Cell actor;
  private final StepLoop loop;

  WatchedQueue(MessageQueue queue, Cell actor, StepLoop loop) {
    this.queue = queue;
    this.actor = actor;
    this.loop = loop;
  }

  /** The queue itself, which tells nobody. */
  MessageQueue inner() {
    return queue;
  }

  @Override
  public void enqueue(ActorRef receiver, Envelope envelope) {
    queue.enqueue(receiver, envelope);
  }

  @Override
  public @Nullable Envelope dequeue() {
    Envelope next = queue.dequeue();
    if (next != null) {
      loop.handling(actor.self().path(), Adapted.inner(next.message()));
    }
    return next;
  }

  @Override
  public int numberOfMessages() {
    return queue.numberOfMessages();
  }

  @Override
  public boolean hasMessages() {
    return queue.hasMessages();
  }

  @Override
  public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
    queue.cleanUp(owner, deadLetters);
  }
}
