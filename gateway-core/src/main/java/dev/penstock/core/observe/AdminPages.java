package dev.penstock.core.observe;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the admin port, without the server that sends them:
 *
 * <ul>
 *   <li>{@code /healthz}: 200 while the process can answer at all
 *   <li>{@code /readyz}: 200 from the first snapshot that serves until the shutdown begins, else
 *       503
 *   <li>{@code /metrics}: the {@link Exposition}
 *   <li>{@code /}: what there is
 * </ul>
 */
public final class AdminPages {
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String METRICS = "/metrics";

  /**
   * An answer.
   *
   * @param contentEncoding null = none
   * @param body shared; must not be changed
   */
  public record Page(
      int status, String contentType, @Nullable String contentEncoding, byte[] body) {
    /** A short text. */
    public static Page plain(int status, String text) {
      return new Page(status, PLAIN, null, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private final ServingState state;
  private final Exposition exposition;

  public AdminPages(ServingState state, Exposition exposition) {
    this.state = state;
    this.exposition = exposition;
  }

  /** Whether making the page takes longer than an event loop may wait. */
  public boolean isSlow(String path) {
    return path.equals(METRICS);
  }

  /**
   * The page of a path; 404 when there is none.
   *
   * @param path without a query
   * @param gzip whether the client takes a compressed body
   * @throws IOException when the metrics cannot be read
   */
  public Page page(String path, boolean gzip) throws IOException {
    return switch (path) {
      case "/healthz" -> Page.plain(200, "ok");
      case "/readyz" -> readiness();
      case METRICS -> metrics(gzip);
      case "/" -> Page.plain(200, "Penstock\n\n/healthz\n/readyz\n/metrics");
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

  private Page metrics(boolean gzip) throws IOException {
    Exposition.Scrape scrape = exposition.scrape();
    return gzip
        ? new Page(200, Exposition.CONTENT_TYPE, "gzip", scrape.gzip())
        : new Page(200, Exposition.CONTENT_TYPE, null, scrape.text());
  }
}
