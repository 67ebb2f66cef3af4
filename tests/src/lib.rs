//! Whole-system tests, and what they share: a gRPC call to any method, in JSON.

use bytes::{Buf, BufMut, Bytes};
use prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor, SerializeOptions};
use serde_json::Value;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

/// Every method of the platform, in the order of the protos.
pub fn methods() -> Vec<MethodDescriptor> {
    let ours = proto::POOL.services().filter(|service| service.package_name().starts_with("relevo."));
    ours.flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

/// `relevo.tickets.v1.Tickets/GetTicket`.
pub fn full_name(method: &MethodDescriptor) -> String {
    format!("{}/{}", method.parent_service().full_name(), method.name())
}

/// Calls any method with a request in JSON, and answers in JSON.
///
/// # Errors
/// The code that the platform refused with.
pub async fn call(
    channel: &Channel,
    method: &MethodDescriptor,
    token: Option<&str>,
    request: &Value,
) -> Result<Value, Code> {
    let message =
        DynamicMessage::deserialize(method.input(), request).unwrap_or_else(|error| panic!("{request}: {error}"));
    call_message(channel, method, token, &message).await
}

/// The same with a request that is a message already.
///
/// # Errors
/// The code that the platform refused with.
pub async fn call_message(
    channel: &Channel,
    method: &MethodDescriptor,
    token: Option<&str>,
    message: &DynamicMessage,
) -> Result<Value, Code> {
    let mut request = Request::new(Bytes::from(message.encode_to_vec()));
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
    }
    let path = format!("/{}", full_name(method)).parse().expect("a path");
    let mut client = tonic::client::Grpc::new(channel.clone());
    client.ready().await.map_err(|_| Code::Unavailable)?;
    let answer = client.unary(request, path, Raw).await.map_err(|status: Status| status.code())?;
    let answer = DynamicMessage::decode(method.output(), answer.into_inner()).expect("an answer of the method's type");
    let options = SerializeOptions::new().use_proto_field_name(true);
    Ok(answer.serialize_with_options(serde_json::value::Serializer, &options).expect("JSON"))
}

/// Bytes as they are.
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}
