package dev.penstock.micro;

import dev.penstock.core.http1.Progress;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.http1.ResponseHead;
import dev.penstock.model.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A whole head, out of the direct buffer that the socket filled, through the strict parser. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadBenchmark {
  private static final String SMALL =
      """
      GET /shop/item?id=1234567&lang=en HTTP/1.1
      Host: shop-17.team-3.example.com
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:139.0) Gecko/20100101 Firefox/139.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-US,en;q=0.5
      Accept-Encoding: gzip, deflate, br, zstd
      Connection: keep-alive
      Referer: https://shop-17.team-3.example.com/shop
      Cookie: session=0123456789abcdef0123456789abcdef

      """;

  private static final String RESPONSE =
      """
      HTTP/1.1 200 OK
      Server: nginx
      Date: Sun, 22 Nov 2026 17:33:00 GMT
      Content-Type: application/json; charset=utf-8
      Content-Length: 128
      Connection: keep-alive
      Cache-Control: no-store
      ETag: "5f3c6a1b-80"

      """;

  private static final int LARGE_BYTES = 2_048;

  private final RequestHead request = new RequestHead(Settings.Limits.DEFAULT);
  private final ResponseHead response = new ResponseHead(Settings.Limits.DEFAULT);
  private final ByteBuf small = direct(SMALL);
  private final ByteBuf large = direct(large());
  private final ByteBuf answer = direct(RESPONSE);

  /** The small one with cookies up to 2 KiB. */
  private static String large() {
    StringBuilder fields = new StringBuilder(SMALL.stripTrailing()).append('\n');
    for (int i = 0; fields.length() < LARGE_BYTES - 60; i++) {
      fields.append("Cookie: tracker-").append(i).append("=0123456789abcdef0123456789\n");
    }
    fields.append("X-Fill: ").repeat("x", LARGE_BYTES - 36 - fields.length()).append('\n');
    return fields.append('\n').toString();
  }

  private static ByteBuf direct(String lines) {
    byte[] bytes = lines.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  @Setup
  public void requireGood() {
    if (smallRequest() != Progress.DONE
        || largeRequest() != Progress.DONE
        || response() != Progress.DONE) {
      throw new IllegalStateException("a head that is refused measures nothing");
    }
  }

  @TearDown
  public void release() {
    small.release();
    large.release();
    answer.release();
  }

  /** 0.5 KB, nine fields, as a browser sends them. */
  @Benchmark
  public Progress smallRequest() {
    request.reset();
    return request.feed(small.readerIndex(0));
  }

  /** 2 KiB, most of it cookies. */
  @Benchmark
  public Progress largeRequest() {
    request.reset();
    return request.feed(large.readerIndex(0));
  }

  /** 0.2 KB, seven fields. */
  @Benchmark
  public Progress response() {
    response.reset();
    return response.feed(answer.readerIndex(0));
  }
}
