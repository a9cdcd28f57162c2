package org.bufferyard.testkit.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs a test method once per seed. The method takes one {@code long seed} or a {@link SeededRun}.
 *
 * <p>The seeds are derived from {@link #base} alone, so every build tries the same ones. {@code
 * -Dbufferyard.seed=S} runs just S; {@code -Dbufferyard.seeds=N} changes the number of runs. A
 * failure's text ends with the command that replays it.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeededExtension.class)
public @interface Seeded {
  /** The number of seeds. */
  int runs() default 10;

  /** What the seeds are derived from. */
  long base() default 1;
}
