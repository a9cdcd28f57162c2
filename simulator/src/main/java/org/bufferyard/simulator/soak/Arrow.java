package org.bufferyard.simulator.soak;

/** One message, as a chart shows it. */
record Arrow(long step, long atNanos, String from, String to, String label, String text) {}
