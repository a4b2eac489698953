package dev.penstock.ingress.source.kubernetes;

import dev.penstock.model.text.Quote;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.client.Config.ExecCredential;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program that a kubeconfig names for credentials. The client would wait for it without end,
 * and log a failure and then ask as nobody: it is tried before the client runs it, and run here
 * whenever its token is to be renewed.
 */
final class ExecPlugin {
  /** Some ask a server of their own; of one of them a person may have to log in. */
  static final Duration FIRST_END_MAX = Duration.ofSeconds(30);

  /** The token before it stands meanwhile. */
  static final Duration RENEWAL_END_MAX = Duration.ofSeconds(10);

  private final String name;
  private final ProcessBuilder builder;

  /**
   * @param kubeconfig relative to which it is found, where its name is a path
   */
  ExecPlugin(Path kubeconfig, ExecConfig exec) {
    name = exec.getCommand() == null ? "" : exec.getCommand();
    boolean isRelative = name.indexOf('/') > 0;
    List<String> command = new ArrayList<>();
    command.add(isRelative ? kubeconfig.toAbsolutePath().resolveSibling(name).toString() : name);
    if (exec.getArgs() != null) command.addAll(exec.getArgs());
    builder = new ProcessBuilder(command);
    if (exec.getEnv() != null) {
      exec.getEnv().forEach(each -> builder.environment().put(each.getName(), each.getValue()));
    }
  }

  /**
   * Runs it, without an input. Blocks.
   *
   * @return what it writes; as much as a pipe takes, which is some 64 KiB
   * @throws IOException when it does not end well; the message is for the operator and quotes the
   *     first line of its standard error alone
   */
  String run(Duration endMax) throws IOException {
    if (name.isBlank()) throw new IOException("command is missing");
    Process process;
    try {
      process = builder.start();
    } catch (IOException unusable) {
      throw new IOException(
          Quote.of(name) + " cannot be run: is it installed, and on the PATH?", unusable);
    }
    try (BufferedReader errors = process.errorReader()) {
      process.getOutputStream().close();
      if (!process.waitFor(endMax.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(Quote.of(name) + " did not end within " + endMax.toSeconds() + " s");
      }
      if (process.exitValue() == 0) {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
      String line = errors.readLine();
      String said = line == null ? "nothing on its standard error" : Quote.plain(line);
      throw new IOException(Quote.of(name) + " ended with " + process.exitValue() + ": " + said);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(Quote.of(name) + " was not waited for", interrupted);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * Runs it for its token. Blocks.
   *
   * @return empty when it gives a certificate instead
   * @throws IOException as of {@link #run}
   */
  String token() throws IOException {
    String written = run(RENEWAL_END_MAX);
    try {
      ExecCredential credential = Serialization.unmarshal(written, ExecCredential.class);
      boolean hasToken = credential.status != null && credential.status.token != null;
      return hasToken ? credential.status.token : "";
    } catch (RuntimeException malformed) { // whose message may quote the token
      throw new IOException(Quote.of(name) + " wrote no ExecCredential");
    }
  }
}
