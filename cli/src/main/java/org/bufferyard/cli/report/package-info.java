/** The report: one HTML page with its charts, chart library and data inside. */
@NullMarked
package org.bufferyard.cli.report;

import org.jspecify.annotations.NullMarked;
