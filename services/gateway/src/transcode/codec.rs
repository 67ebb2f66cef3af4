//! Messages that are known by their descriptors alone, on the wire and as JSON.

use prost::Message;
use prost_reflect::{DynamicMessage, MessageDescriptor, SerializeOptions};
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// Sends messages and takes answers, which it hands on as JSON.
#[derive(Clone)]
pub(crate) struct Json {
    /// What is answered.
    pub(crate) answer: MessageDescriptor,
}

impl Codec for Json {
    type Encode = DynamicMessage;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        self.clone()
    }

    fn decoder(&mut self) -> Self {
        self.clone()
    }
}

impl Encoder for Json {
    type Item = DynamicMessage;
    type Error = Status;

    fn encode(&mut self, message: DynamicMessage, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.encode(buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for Json {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let message = DynamicMessage::decode(self.answer.clone(), buffer);
        let text = message
            .map_err(|error| error.to_string())
            .and_then(|message| json(&message).map_err(|error| error.to_string()));
        text.map(Some).map_err(|error| {
            tracing::error!(error, "an answer cannot be read");
            Status::internal("something went wrong on our side")
        })
    }
}

/// `message` by the proto3 mapping, with the zeros: a client need not know
/// what is left out. Members of a oneof and optional fields stand there only
/// where they are set.
pub(crate) fn json(message: &DynamicMessage) -> Result<Vec<u8>, serde_json::Error> {
    const OPTIONS: SerializeOptions = SerializeOptions::new().skip_default_fields(false);
    let mut text = serde_json::Serializer::new(Vec::with_capacity(512));
    message.serialize_with_options(&mut text, &OPTIONS)?;
    Ok(text.into_inner())
}
