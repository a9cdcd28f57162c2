/** What an application pays for a lease, beside what Akka itself costs. */
@NullMarked
package org.bufferyard.benchmarks.embed;

import org.jspecify.annotations.NullMarked;
