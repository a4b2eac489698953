package dev.penstock.core.observe;

import java.io.IOException;
import java.io.Writer;

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
public final class AdminPages implements Pages {
  private static final String METRICS = "/metrics";
  private static final String CONFIG = "/config";

  private final ServingState state;
  private final Exposition exposition;
  private final ServedConfig config;

  public AdminPages(ServingState state, Exposition exposition, ServedConfig config) {
    this.state = state;
    this.exposition = exposition;
    this.config = config;
  }

  @Override
  public boolean isStreamed(String path) {
    return path.equals(CONFIG);
  }

  @Override
  public void write(String host, Writer out) throws IOException {
    config.write(host, out);
  }

  @Override
  public boolean isSlow(String path) {
    return path.equals(METRICS);
  }

  @Override
  public Page page(String path) throws IOException {
    return switch (path) {
      case "/healthz" -> Page.plain(200, "ok");
      case "/readyz" -> Pages.readiness(state);
      case METRICS -> metrics();
      case "/" ->
          Page.plain(200, "Penstock\n\n/healthz\n/readyz\n/metrics\n/config\n/config?host=NAME");
      default -> Page.plain(404, "not found");
    };
  }

  private Page metrics() throws IOException {
    return new Page(200, Exposition.CONTENT_TYPE, true, exposition.scrape());
  }
}
