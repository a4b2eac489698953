package dev.penstock.app;

import dev.penstock.core.observe.ControllerLabels;
import dev.penstock.ingress.source.ChangeLoop;
import dev.penstock.ingress.source.DirectorySource;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Publication;
import dev.penstock.model.Source;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The gateway on a directory of manifests: both halves, wired. It listens only once something is
 * served, and is ready only once it listens; but whether it could listen is asked first.
 */
final class Standalone implements AutoCloseable {
  private final RunOptions options;
  private final GatewayProcess process;
  private final DirectorySource source;
  private List<Diagnostic> firstDiagnostics = List.of();
  private boolean servesLastGood;

  private Standalone(RunOptions options, ServingSignals signals) throws CliFailure {
    this.options = options;
    this.process = new GatewayProcess(options.serve(), ControllerLabels.none(), signals);
    this.source =
        new DirectorySource(options.config(), InstantSource.system(), options.configMaps().all());
  }

  /**
   * Starts everything.
   *
   * @throws CliFailure when the directory cannot be read and there is no last good state, when a
   *     port cannot be had, or when the transport cannot be used; then nothing is left running
   */
  static Standalone start(RunOptions options, ServingSignals signals) throws CliFailure {
    Standalone standalone = new Standalone(options, signals);
    try {
      standalone.open();
      return standalone;
    } catch (CliFailure | RuntimeException failed) {
      standalone.close();
      throw failed;
    }
  }

  private void open() throws CliFailure {
    process.openAdmin();
    Optional<Publication> lastGood = process.publishLastGood();
    boolean hasLastGood = lastGood.isPresent() && !lastGood.get().config().hosts().isEmpty();
    if (hasLastGood) source.servedAlready();
    ChangeLoop changes =
        process.changes(
            Manifests.translator(
                options.ingressClass(), options.configMaps(), InstantSource.system()));
    Optional<Diagnostic> outage = readFirst(changes, lastGood.isPresent());
    process.awaitChanges();
    firstDiagnostics = changes.diagnostics();
    if (!process.isPublished()) {
      throw new CliFailure(ExitCode.INTERNAL, "nothing is served: " + changes.status().lastError());
    }
    servesLastGood = outage.isPresent();
    process.listen();
    outage.ifPresent(why -> process.refused(why.message()));
    source.start(process.following(changes));
  }

  /** Why the directory says nothing, when the last good state is served instead. */
  private Optional<Diagnostic> readFirst(ChangeLoop changes, boolean hasLastGood)
      throws CliFailure {
    try {
      changes.onView(source.readFirst());
      return Optional.empty();
    } catch (IOException unreadable) {
      if (!hasLastGood) throw Manifests.unreadable(options.config(), unreadable);
      Diagnostic why =
          Diagnostic.error(
              Source.ofFile(options.config().toString(), 0, 0),
              "",
              "the last good state of "
                  + options.serve().stateDir().orElseThrow()
                  + " is served: "
                  + unreadable.getMessage());
      changes.onOutage(why);
      return Optional.of(why);
    }
  }

  GatewayProcess process() {
    return process;
  }

  /** Whether it was started from the last good state, because the directory says nothing. */
  boolean servesLastGood() {
    return servesLastGood;
  }

  /** What was wrong at the start. */
  List<Diagnostic> firstDiagnostics() {
    return firstDiagnostics;
  }

  /** Ends everything at once; requests that go on are cut. */
  @Override
  public void close() {
    source.close();
    process.close();
  }
}
