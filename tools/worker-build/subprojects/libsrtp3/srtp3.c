/* libsrtp 3's calls, as far as mediasoup-worker makes them, on libsrtp 2. See include/srtp.h. */
#define PROSPECT_SRTP3_IMPLEMENTATION
#include "srtp.h"

#include <stdlib.h>
#include <string.h>

/* Version 2's policy only points at the key; version 3's owns a copy. */
struct prospect_srtp3_policy {
    srtp_policy_t v2;
    uint8_t key[SRTP_MAX_KEY_LEN];
};

srtp_err_status_t srtp_policy_create(srtp3_policy_t *policy)
{
    *policy = calloc(1, sizeof **policy);
    return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

void srtp_policy_destroy(srtp3_policy_t policy)
{
    if (!policy) {
        return;
    }
    /* Volatile, so that the compiler keeps the wiping of the key although the memory is freed next. */
    for (volatile uint8_t *byte = policy->key; byte < policy->key + sizeof policy->key; byte++) {
        *byte = 0;
    }
    free(policy);
}

srtp_err_status_t srtp_policy_set_ssrc(srtp3_policy_t policy, srtp_ssrc_t ssrc)
{
    policy->v2.ssrc = ssrc;
    return srtp_err_status_ok;
}

srtp_err_status_t srtp_policy_set_profile(srtp3_policy_t policy, srtp_profile_t profile)
{
    srtp_err_status_t status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);
    if (status != srtp_err_status_ok) {
        return status;
    }
    return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
}

/* Version 2 takes key and salt as one string of bytes. The worker uses no MKI. */
srtp_err_status_t srtp_policy_add_key(
    srtp3_policy_t policy,
    const uint8_t *key, size_t key_len,
    const uint8_t *salt, size_t salt_len,
    const uint8_t *mki, size_t mki_len)
{
    (void)mki;
    if (mki_len != 0 || key_len > sizeof policy->key || salt_len > sizeof policy->key - key_len) {
        return srtp_err_status_bad_param;
    }
    memcpy(policy->key, key, key_len);
    memcpy(policy->key + key_len, salt, salt_len);
    policy->v2.key = policy->key;
    return srtp_err_status_ok;
}

srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp3_policy_t policy, int allow)
{
    policy->v2.allow_repeat_tx = allow;
    return srtp_err_status_ok;
}

srtp_err_status_t srtp_policy_set_window_size(srtp3_policy_t policy, size_t size)
{
    policy->v2.window_size = (unsigned long)size;
    return srtp_err_status_ok;
}

srtp_err_status_t srtp3_create(srtp_t *session, srtp3_policy_t policy)
{
    return srtp_create(session, &policy->v2);
}

typedef srtp_err_status_t (*in_place_call)(srtp_t session, void *packet, int *len);

/*
 * Version 2 works in place and trusts the buffer to have room for what it appends, version 3 copies into a buffer whose
 * size it checks: copy first, after checking that the longest result (`growth` more bytes) fits.
 */
static srtp_err_status_t copy_and_call(
    in_place_call call, size_t growth, srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len)
{
    int len = (int)in_len;
    if (in != out) {
        if (in_len > *out_len || growth > *out_len - in_len) {
            return srtp_err_status_buffer_small;
        }
        memcpy(out, in, in_len);
    }
    srtp_err_status_t status = call(session, out, &len);
    if (status == srtp_err_status_ok) {
        *out_len = (size_t)len;
    }
    return status;
}

srtp_err_status_t srtp3_protect(
    srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len, size_t mki_index)
{
    (void)mki_index;
    return copy_and_call(srtp_protect, SRTP_MAX_TRAILER_LEN, session, in, in_len, out, out_len);
}

/* SRTCP appends a four-byte index as well. */
srtp_err_status_t srtp3_protect_rtcp(
    srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len, size_t mki_index)
{
    (void)mki_index;
    return copy_and_call(srtp_protect_rtcp, SRTP_MAX_TRAILER_LEN + 4, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_unprotect(srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len)
{
    return copy_and_call(srtp_unprotect, 0, session, in, in_len, out, out_len);
}

srtp_err_status_t srtp3_unprotect_rtcp(srtp_t session, const uint8_t *in, size_t in_len, uint8_t *out, size_t *out_len)
{
    return copy_and_call(srtp_unprotect_rtcp, 0, session, in, in_len, out, out_len);
}
