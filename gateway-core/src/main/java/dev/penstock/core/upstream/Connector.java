package dev.penstock.core.upstream;

import dev.penstock.core.http1.HeadBudget;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;

/** Opens connections on one event loop; implemented by the host, which knows the transport. */
public interface Connector {
  /** Of which the heads and trailers of all answers that come by these connections take. */
  HeadBudget heads();

  /**
   * Dials.
   *
   * @param handler the only handler of the channel
   * @param timeoutMillis over it the future fails with {@link
   *     io.netty.channel.ConnectTimeoutException}
   */
  ChannelFuture connect(InetSocketAddress address, ChannelHandler handler, int timeoutMillis);
}
