/**
 * The certificates of the admission webhook, as they are stored and as they are renewed. Functions
 * of what is stored and of the time, without a client.
 */
@NullMarked
package dev.penstock.ingress.certificate;

import org.jspecify.annotations.NullMarked;
