/**
 * Seeded tests for JUnit Jupiter 5: a test method that runs for many seeds and, when one fails,
 * says which command replays it. The only part of the module that needs JUnit.
 */
@NullMarked
package org.bufferyard.testkit.junit;

import org.jspecify.annotations.NullMarked;
