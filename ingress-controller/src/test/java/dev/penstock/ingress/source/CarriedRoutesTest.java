package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.DirectoryReader.Outcome;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.TranslationOptions;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;
import dev.penstock.model.RouteAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a restart: a file that cannot be read is served from the last good state. */
class CarriedRoutesTest {
  private static final String BROKEN = "junk: [\n";
  private static final Sink NOWHERE =
      new Sink() {
        @Override
        public void publish(Publication publication) {}

        @Override
        public void endpoints(EndpointSet set) {}

        @Override
        public void status(SyncStatus status) {}
      };

  @TempDir private Path directory;
  private @Nullable Publication state;
  private DirectoryReader reader;
  private ChangeLoop loop;

  @BeforeEach
  void twoFilesAreServed() throws IOException {
    write("open.yaml", web("open", "/", "81"));
    write("own.yaml", web("own", "/own", "82"));
    restart();
    assertThat(served()).containsExactly("/own -> own", "/ -> open");
  }

  private static String web(String name, String path, String port) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %1$s}
    spec:
      rules:
        - host: a.test
          http:
            paths:
              - {path: %2$s, pathType: Prefix, backend: {service: {name: %1$s, port: {number: 80}}}}
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %1$s, annotations: {penstock.dev/endpoints: "127.0.0.1:%3$s"}}
    spec: {ports: [{port: 80}]}
    """
        .formatted(name, path, port);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void restart() {
    reader = new DirectoryReader(directory, InstantSource.system());
    if (state != null) reader.servedAlready();
    loop =
        new ChangeLoop(
            (view, previous) ->
                IngressTranslator.translate(
                    view,
                    previous,
                    TranslationOptions.standalone(
                        ConfigMapNames.NONE, Optional.empty(), Instant.EPOCH)),
            NOWHERE,
            state,
            publication -> state = publication,
            Runnable::run,
            InstantSource.system());
    look();
  }

  private void look() {
    loop.onView(((Outcome.View) reader.read()).view());
  }

  private Publication publication() {
    return Objects.requireNonNull(state);
  }

  private List<String> served() {
    return publication().config().hosts().getFirst().routes().stream()
        .map(route -> {
          String to =
              route.action() instanceof RouteAction.Forward forward
                  ? forward.targets().getFirst().upstream().service()
                  : "503";
          return route.match().text() + " -> " + to;
        })
        .toList();
  }

  private List<String> complaints() {
    return loop.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  @Test
  void theRoutesOfAFileThatDoesNotParseAreServedOn() throws IOException {
    Publication good = publication();
    write("own.yaml", web("own", "/own", "82") + BROKEN);
    restart();

    assertThat(served()).containsExactly("/own -> own", "/ -> open");
    assertThat(publication().endpoints()).containsAll(good.endpoints());
    assertThat(complaints())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("own.yaml:")
                .endsWith(
                    "; what was served of this file is served on as it was in the last good state"));

    restart();
    assertThat(served()).as("the state that was saved").contains("/own -> own");
  }

  @Test
  void theyGoBeforeTheSamePathOfAnotherFile() throws IOException {
    write("own.yaml", BROKEN);
    write("open.yaml", web("open", "/", "81") + "---\n" + web("thief", "/own/", "84"));
    restart();

    assertThat(served()).containsExactly("/own -> own", "/ -> open");
    assertThat(complaints())
        .anySatisfy(line ->
            assertThat(line)
                .contains("default/thief")
                .contains("path '/own/' is not served by this Ingress but by Ingress")
                .contains("own.yaml cannot be read"));
  }

  @Test
  void theyEndWithTheFileOrWhenItParses() throws IOException {
    write("own.yaml", BROKEN);
    restart();
    assertThat(served()).contains("/own -> own");
    write("own.yaml", web("own", "/new", "82"));
    look();
    assertThat(served()).containsExactly("/new -> own", "/ -> open");

    write("own.yaml", BROKEN);
    restart();
    Files.delete(directory.resolve("own.yaml"));
    look();
    assertThat(served()).containsExactly("/ -> open");
  }

  @Test
  void whatADirectoryHeldThatCannotBeReadIsServedOn() throws IOException {
    Path below = Files.createDirectory(directory.resolve("below"));
    write("below/deep.yaml", web("deep", "/deep", "85"));
    look();
    Files.delete(below.resolve("deep.yaml"));
    Files.delete(below);
    Files.createSymbolicLink(below, directory.resolve("gone")); // cannot be read, as is a mode 000
    restart();

    assertThat(served()).containsExactly("/deep -> deep", "/own -> own", "/ -> open");
    assertThat(complaints())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("below: error: cannot be read:")
                .endsWith("is served on as it was in the last good state"));
  }

  @Test
  void withoutAStateNothingIsServedOfIt() throws IOException {
    state = null;
    write("own.yaml", BROKEN);
    restart();

    assertThat(served()).containsExactly("/ -> open");
    assertThat(complaints())
        .anySatisfy(line ->
            assertThat(line)
                .endsWith("; nothing of this file is served, and no protection in it is in force"));
  }
}
