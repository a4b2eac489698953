package dev.penstock.core.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.http1.HeadBudget;
import dev.penstock.core.loop.Loop;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Settings;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.DefaultEventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UpstreamTest {
  private static final dev.penstock.model.Upstream.Id ID =
      new dev.penstock.model.Upstream.Id("test", "app", "80");

  private final AtomicInteger woken = new AtomicInteger();
  private final DefaultEventLoop eventLoop =
      new DefaultEventLoop() {
        @Override
        public void execute(Runnable task) {
          woken.incrementAndGet();
          super.execute(task);
        }
      };
  private final Loop loop = new Loop(eventLoop, 0, System::nanoTime);
  private final Upstream upstream = new Upstream(ID, 1, () -> Settings.DEFAULT);

  @BeforeEach
  void theLoopHasAPool() {
    Connector none =
        new Connector() {
          @Override
          public HeadBudget heads() {
            throw new AssertionError("nothing is dialled");
          }

          @Override
          public ChannelFuture connect(
              InetSocketAddress address, ChannelHandler handler, int timeoutMillis) {
            throw new AssertionError("nothing is dialled");
          }
        };
    eventLoop.submit(() -> upstream.on(loop, none)).syncUninterruptibly();
    woken.set(0);
  }

  @AfterEach
  void end() {
    eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static EndpointSet ports(int... ports) {
    List<Endpoint> endpoints =
        IntStream.of(ports).mapToObj(port -> new Endpoint("127.0.0.1", port)).toList();
    return new EndpointSet(ID, endpoints);
  }

  @Test
  void equalEndpointsAreNotMadeAnewAndWakeNoLoop() {
    upstream.update(ports(1, 2));
    UpstreamEndpoint[] made = upstream.endpoints();
    assertThat(woken).hasValue(1);

    for (int i = 0; i < 10; i++) upstream.update(ports(2, 1));

    assertThat(upstream.endpoints()).isSameAs(made);
    assertThat(woken).hasValue(1);
  }

  @Test
  void aChangeWakesTheLoopsThatHaveAPool() {
    upstream.update(ports(1, 2));
    upstream.update(ports(1));
    upstream.update(ports());
    assertThat(woken).hasValue(3);
    assertThat(upstream.endpointCount()).isZero();
  }

  /** Between the two a change may retire it: the route was of the snapshot before. */
  @Test
  void aRequestThatTookItsRouteBeforeTheUpstreamWasRetiredFindsAnEndpoint() {
    upstream.update(ports(1));
    upstream.retire();
    assertThat(woken).hasValue(2);
    LoopPool pool = upstream.loopPools().getFirst();
    assertThat(eventLoop.submit(() -> pool.pick(new Tried())).syncUninterruptibly().getNow())
        .isNotNull();
  }
}
