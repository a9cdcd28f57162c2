package org.bufferyard.simulator.fault;

/** What a client does wrong; its program asks before each step. */
public interface ClientFaults {
  /** An orderly client. */
  ClientFaults NONE = new ClientFaults() {};

  /** It ends here, without giving anything back itself. */
  default boolean dies(String client) {
    return false;
  }

  default boolean closesTwice(String client) {
    return false;
  }
}
