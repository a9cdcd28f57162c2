/**
 * Deterministic Akka: unmodified Typed and Streams actors on one thread, on virtual time, in an
 * order that a seed decides, so that a race found once is found again by one command.
 *
 * <pre>
 *   test ──▶ DeterministicSystem ──▶ StepLoop ──▶ Strategy.Picker   which ready task is next
 *                                       │  ▲
 *                        runs a mailbox ▼  │ ready / due
 *                              SimDispatcher, TimerQueue            everything Akka would have
 *                                                                   given to a thread or a clock
 * </pre>
 *
 * <p>Depends on no other module of the project and on Akka 2.6.21 or later within 2.6 to 2.8.
 */
@NullMarked
package org.bufferyard.testkit;

import org.jspecify.annotations.NullMarked;
