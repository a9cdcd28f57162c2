/** One actor per client of the yard: its handles and its request tokens. */
@NullMarked
package org.bufferyard.actors.session;

import org.jspecify.annotations.NullMarked;
