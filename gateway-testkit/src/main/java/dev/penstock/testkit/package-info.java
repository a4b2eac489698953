/**
 * What the tests of every module share: a backend that misbehaves on order, a client that sends raw
 * bytes, and the judge of what came out between them. Plain JDK sockets, so that no fault of the
 * gateway's own libraries is on both sides of a test.
 */
@NullMarked
package dev.penstock.testkit;

import org.jspecify.annotations.NullMarked;
