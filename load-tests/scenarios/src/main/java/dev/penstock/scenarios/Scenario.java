package dev.penstock.scenarios;

import java.time.Duration;

/** One thing that is shown of the running distribution. */
interface Scenario {
  /** As on the command line. */
  String name();

  /** About how long it takes on two cores. */
  Duration expected();

  /** Runs it; the report says what was found. */
  void run(Stage stage) throws Exception;
}
