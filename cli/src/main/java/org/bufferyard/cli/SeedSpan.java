package org.bufferyard.cli;

/** Seeds from {@code first} to {@code last}, both included. */
record SeedSpan(long first, long last) {}
