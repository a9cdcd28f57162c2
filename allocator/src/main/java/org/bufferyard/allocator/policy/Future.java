package org.bufferyard.allocator.policy;

/**
 * The known future of a trace, for offline policies, whose {@code nowNanos} is the request's
 * number.
 */
public interface Future {
  /** An online run: nothing is known. */
  Future UNKNOWN =
      new Future() {
        @Override
        public int requests() {
          return 0;
        }

        @Override
        public int nextUse(int request) {
          throw new IllegalStateException("the future is not known, request=" + request);
        }

        @Override
        public int id(int request) {
          throw new IllegalStateException("the future is not known, request=" + request);
        }
      };

  /** Number of requests in the trace; also "never" as an answer of {@link #nextUse}. */
  int requests();

  /** The buffer of request {@code request}. */
  int id(int request);

  /** The next request after {@code request} for the same buffer, or {@link #requests}. */
  int nextUse(int request);
}
