package dev.penstock.core.observe;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * The pages of the admin port, without the server that sends them:
 *
 * <ul>
 *   <li>{@code /healthz}: 200 while the process can answer at all
 *   <li>{@code /readyz}: 200 from the first snapshot that serves until the shutdown begins, else
 *       503
 *   <li>{@code /metrics}: the {@link Exposition}
 *   <li>{@code /config}: the {@link ServedConfig}
 *   <li>{@code /}: what there is
 * </ul>
 */
public final class AdminPages {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String METRICS = "/metrics";
  private static final String CONFIG = "/config";

  /** Of what {@link #write} writes. */
  public static final String JSON = "application/json";

  /**
   * An answer.
   *
   * @param gzip whether the body is compressed by gzip
   * @param body not to be changed
   */
  public record Page(int status, String contentType, boolean gzip, byte[] body) {
    /** A short text. */
    public static Page plain(int status, String text) {
      return new Page(status, PLAIN, false, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private final ServingState state;
  private final Exposition exposition;
  private final ServedConfig config;

  public AdminPages(ServingState state, Exposition exposition, ServedConfig config) {
    this.state = state;
    this.exposition = exposition;
    this.config = config;
  }

  /** Whether the page is written part by part, by {@link #write}, and is no {@link #page}. */
  public boolean isStreamed(String path) {
    return path.equals(CONFIG);
  }

  /**
   * Writes the configuration that serves. Blocks; not for event loops.
   *
   * @param host only what serves this host; empty = everything
   * @throws IOException when {@code out} does
   */
  public void write(String host, Writer out) throws IOException {
    config.write(host, out);
  }

  /** Whether making the page takes longer than an event loop may wait. */
  public boolean isSlow(String path) {
    return path.equals(METRICS);
  }

  /**
   * The page of a path; 404 when there is none. A large one is compressed whatever the client
   * takes: the server inflates it on its way to a client that wants it plain.
   *
   * @param path without a query
   * @throws IOException when the metrics cannot be read
   */
  public Page page(String path) throws IOException {
    return switch (path) {
      case "/healthz" -> Page.plain(200, "ok");
      case "/readyz" -> readiness();
      case METRICS -> metrics();
      case "/" ->
          Page.plain(200, "Penstock\n\n/healthz\n/readyz\n/metrics\n/config\n/config?host=NAME");
      default -> Page.plain(404, "not found");
    };
  }

  private Page readiness() {
    ServingState.Moment now = state.now();
    if (now.ready()) return Page.plain(200, "ok");
    if (now.draining()) return Page.plain(503, "not ready: shutting down");
    String error = now.error();
    String why = error == null ? "" : ": " + error;
    return Page.plain(503, "not ready: no configuration serves yet" + why.replaceAll("\\s+", " "));
  }

  private Page metrics() throws IOException {
    return new Page(200, Exposition.CONTENT_TYPE, true, exposition.scrape());
  }
}
