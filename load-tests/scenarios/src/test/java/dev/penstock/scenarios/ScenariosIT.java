package dev.penstock.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small forms of the scenarios, so that they work on the day when they are needed. */
class ScenariosIT {
  @TempDir Path directory;

  @Test
  void everyKindOfChangeBecomesLive() throws Exception {
    run(new ChangeToLive(new ChangeToLive.Size(40, 20, 4)));
  }

  @Test
  void changesUnderLoadFailNoRequest() throws Exception {
    run(new ChangesUnderLoad(new ChangesUnderLoad.Size(40, 60, 40, Duration.ofSeconds(3), 500)));
  }

  @Test
  void aDrainUnderLoadFailsNoRequest() throws Exception {
    run(new Drain(new Drain.Size(1, Duration.ofSeconds(1), 300)));
  }

  @Test
  void everyRouteOfManyHostsIsServed() throws Exception {
    run(new Scale(new Scale.Size(50, 3, 20, Duration.ofSeconds(2), 500)));
  }

  @Test
  void idleConnectionsAreAnsweredAgain() throws Exception {
    run(new IdleConnections(new IdleConnections.Size(200, Duration.ofSeconds(1))));
  }

  private void run(Scenario scenario) throws Exception {
    Report report = new Report(scenario.name());
    scenario.run(new Stage(directory.resolve(scenario.name()), report, line -> {}));
    assertThat(report.holds()).as(report.table()).isTrue();
  }
}
